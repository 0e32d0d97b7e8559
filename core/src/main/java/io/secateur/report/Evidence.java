package io.secateur.report;

import io.secateur.study.Archive;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.List;

/** All that figures are drawn from. */
record Evidence(RunInfo info, List<ResultRow> rows, Measurements measurements, Archive archive) {
  Evidence {
    rows = List.copyOf(rows);
  }
}
