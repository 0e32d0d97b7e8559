package io.secateur.data;

import static io.secateur.Mutations.SAMPLE;
import static io.secateur.Mutations.WHOLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.Mutations;
import io.secateur.data.ImageFiles.Part;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged data files of every format: a result, or words that say where. */
@Timeout(value = 10, unit = java.util.concurrent.TimeUnit.MINUTES)
class BadDataTest {
  @TempDir Path folder;

  /** A format: a small valid file of it, and what reads it. */
  enum Format {
    IDX {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("images"), IdxFolder.images(2));
      }

      @Override
      void read(Path file) throws IOException {
        IdxFile.header(file, 3).read();
      }
    },
    IDX_GZIP {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("images.gz"), IdxFolder.gzip(IdxFolder.images(2)));
      }

      @Override
      void read(Path file) throws IOException {
        IdxFile.header(file, 3).read();
      }
    },
    CIFAR {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("test_batch.bin"), new byte[2 * 3073]);
      }

      @Override
      void read(Path file) throws IOException {
        new CifarBatches(Objects.requireNonNull(file.getParent()), Optional.empty())
            .load(Part.TEST);
      }
    },
    CIFAR_ARCHIVE {
      @Override
      Path write(Path folder) throws IOException {
        Path file = folder.resolve("cifar.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
          out.write(tar(Map.of("cifar-10-batches-bin/test_batch.bin", new byte[2 * 3073])));
        }
        return file;
      }

      @Override
      void read(Path file) throws IOException {
        new CifarBatches(Objects.requireNonNull(file.getParent()), Optional.of(file))
            .load(Part.TEST);
      }
    },
    TSV {
      @Override
      Path write(Path folder) throws IOException {
        return Files.writeString(
            folder.resolve("train.tsv"), "sentence\tlabel\nso good\t1\nso bad\t0\nnot bad\t1\n");
      }

      @Override
      void read(Path file) throws IOException {
        SentenceFile sentences = new SentenceFile(file, Optional.empty());
        sentences.count();
        sentences.read(2);
      }
    },
    TSV_ZIP {
      @Override
      Path write(Path folder) throws IOException {
        Path file = folder.resolve("SST-2.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
          ZipEntry entry = new ZipEntry("SST-2/train.tsv");
          entry.setTime(0);
          zip.putNextEntry(entry);
          zip.write("sentence\tlabel\nso good\t1\nso bad\t0\nnot bad\t1\n".getBytes(UTF_8));
        }
        return file;
      }

      @Override
      void read(Path file) throws IOException {
        SentenceFile sentences = new SentenceFile(file, Optional.of("SST-2/train.tsv"));
        sentences.count();
        sentences.read(2);
      }
    },
    TEXT_GZIP {
      @Override
      Path write(Path folder) throws IOException {
        byte[] text = "Once upon a time.\n--\nThere was more, and more.\n".getBytes(UTF_8);
        return Files.write(folder.resolve("stories.txt.gz"), IdxFolder.gzip(text));
      }

      @Override
      void read(Path file) throws IOException {
        TextFiles texts = TextFiles.at(file);
        texts.addTo(new Digest());
        texts.texts("--");
      }
    },
    CSV {
      @Override
      Path write(Path folder) throws IOException {
        return Files.writeString(
            folder.resolve("table.csv"),
            "size,kind,\"the price\"\n1.5,red,3\n2,\"bl,ue\",4\n-1e3,red,5.25\n");
      }

      @Override
      void read(Path file) throws IOException {
        CsvFile csv = new CsvFile(file, ',', true);
        CsvTable.read(List.of(csv), csv.columns(), column -> column.equals("kind"));
      }
    },
    TOKENIZER {
      @Override
      Path write(Path folder) throws IOException {
        try (InputStream in =
            Objects.requireNonNull(
                BadDataTest.class.getResourceAsStream("/tokens/tokenizer.json"))) {
          return Files.write(folder.resolve("tokenizer.json"), in.readAllBytes());
        }
      }

      @Override
      void read(Path file) throws IOException {
        Tokenizer tokenizer = Tokenizer.at(file);
        tokenizer.vocabulary();
        tokenizer.ids(List.of("Once upon a time", "there was"));
      }
    },
    ZIP {
      @Override
      Path write(Path folder) throws IOException {
        Path file = folder.resolve("images.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
          for (Map.Entry<String, byte[]> image : images().entrySet()) {
            ZipEntry entry = new ZipEntry(image.getKey());
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write(image.getValue());
          }
        }
        return file;
      }

      @Override
      void read(Path file) throws IOException {
        decode(file);
      }
    },
    TAR {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("images.tar"), tar(images()));
      }

      @Override
      void read(Path file) throws IOException {
        decode(file);
      }
    },
    TAR_GZIP {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("images.tar.gz"), IdxFolder.gzip(tar(images())));
      }

      @Override
      void read(Path file) throws IOException {
        decode(file);
      }
    },
    PNG {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("one.png"), image("png"));
      }

      @Override
      void read(Path file) throws IOException {
        new ImageDecoder(8, 3, true).decode(file.toString(), Files.readAllBytes(file));
      }
    },
    JPEG {
      @Override
      Path write(Path folder) throws IOException {
        return Files.write(folder.resolve("one.jpg"), image("jpg"));
      }

      @Override
      void read(Path file) throws IOException {
        new ImageDecoder(8, 3, true).decode(file.toString(), Files.readAllBytes(file));
      }
    };

    abstract Path write(Path folder) throws IOException;

    abstract void read(Path file) throws IOException;
  }

  private static void decode(Path archive) throws IOException {
    ImageDecoder decoder = new ImageDecoder(8, 3, true);
    List<byte[]> pixels = new ArrayList<>();
    ImageFiles.visit(
        archive, (part, label, name, bytes) -> pixels.add(decoder.decode(name, bytes)));
  }

  private static Map<String, byte[]> images() throws IOException {
    Map<String, byte[]> images = new LinkedHashMap<>();
    images.put("train/cat/1.png", image("png"));
    images.put("train/dog/1.jpg", image("jpg"));
    images.put("train/read.me", "images of pets".getBytes(UTF_8));
    return images;
  }

  private static byte[] image(String format) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64; i++) {
      image.setRGB(i % 8, i / 8, i * 0x040201);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setModTime(0); // the same bytes each time, and so the same damage
        entry.setSize(file.getValue().length);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return out.toByteArray();
  }

  /** The tokenizer's own library would end the process. */
  @Test
  void aTemplateThatNamesATokenThatIsNotThereIsRefused() throws IOException {
    Path file = Format.TOKENIZER.write(folder);
    String text = Files.readString(file);
    Files.writeString(
        file, text.replaceFirst("(\"special_tokens\"\\s*:\\s*\\{\\s*)\"<s>\"", "$1\"<t>\""));
    assertThatThrownBy(() -> Format.TOKENIZER.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(
            file
                + ": the post-processor's template 'single' names the token '<s>', which its"
                + " special_tokens lack");
  }

  @Test
  void aNameOverTwoLinesIsToldOnOne() throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), "size,\"the\nprice\"\n1,\n2,3\n");
    assertThatThrownBy(() -> Format.CSV.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("column 'the\\nprice' is empty")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @EnumSource
  void someDamage(Format format) throws IOException {
    Mutations.check(format.name(), format.write(folder), SAMPLE, format::read);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("stress")
  void allDamage(Format format) throws IOException {
    Mutations.check(format.name(), format.write(folder), WHOLE, format::read);
  }
}
