package io.secateur.report;

import com.openhtmltopdf.extend.FSSupplier;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.svgsupport.BatikSVGDrawer;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Calendar;
import java.util.Locale;
import java.util.TimeZone;
import org.apache.pdfbox.pdmodel.PDDocument;

/** A page laid out for paper, as PDF: no browser and no network is asked. */
final class Pdf {
  private Pdf() {}

  /**
   * Returns the file; the same page gives the same bytes.
   *
   * @param page XHTML, with the style of {@code print.css}
   */
  static byte[] of(String page) {
    XRLog.setLoggingEnabled(false);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PdfRendererBuilder builder = new PdfRendererBuilder();
    builder.useFont(font(), "DejaVu Sans");
    builder.useSVGDrawer(new BatikSVGDrawer());
    builder.withProducer("Secateur");
    builder.withHtmlContent(page, null);
    builder.toStream(bytes);
    try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
      renderer.layout();
      renderer.createPDFWithoutClosing();
      try (PDDocument document = renderer.getPdfDocument()) {
        // A date would make two files of the same run differ.
        Calendar never = Calendar.getInstance(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        never.setTimeInMillis(0);
        document.getDocumentInformation().setCreationDate(never);
        document.setDocumentId((long) page.hashCode());
        document.save(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the PDF", e);
    }
    return bytes.toByteArray();
  }

  private static FSSupplier<InputStream> font() {
    return Typeface::file;
  }
}
