package app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cdk8s.App;

public final class Main {
  public static void main(String[] arguments) throws IOException {
    App app = new App();
    Resources.add(app);
    Shop.add(app);
    OwnMesh.add(app);
    app.synth();
    for (Map.Entry<String, String> text : Errors.texts().entrySet()) {
      Files.writeString(Path.of(app.getOutdir(), text.getKey() + ".error.txt"), text.getValue());
    }
  }
}
