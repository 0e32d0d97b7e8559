package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.TorchSave;
import io.secateur.spi.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * State dicts as {@code torch.save} writes them. Written only: such a file names no architecture.
 */
public record TorchFormat() implements Format {
  @Override
  public String name() {
    return "torch";
  }

  @Override
  public String description() {
    return """
        A state dict as torch.save writes it, float32 under PyTorch's names, for
        torch.load(FILE, weights_only=True) and load_state_dict. Of a quantized model it holds the
        numbers that its integers stand for. Written only: read it with 'pretrained' in a study or
        --model on the command line, which say of which architecture it is.\
        """;
  }

  @Override
  public boolean reads(Path path) {
    return false;
  }

  @Override
  public Checkpoint read(Path path) {
    throw new UnsupportedOperationException(
        path + ": a state dict does not say of which architecture it is; name a model to read it");
  }

  @Override
  public void write(Checkpoint checkpoint, Path path) throws IOException {
    TorchSave.write(checkpoint.parameters(), path);
  }

  @Override
  public List<String> omits(Checkpoint checkpoint) {
    return Format.besides(checkpoint, true);
  }
}
