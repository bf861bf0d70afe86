package app;

import io.github.cdk8smesh.MeshError;
import io.github.cdk8smesh.MeshedService;
import io.github.cdk8smesh.Port;
import io.github.cdk8smesh.istio.IstioMesh;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;

/** Texts of errors that programs meet: one at construction, several together at synth. */
final class Errors {
  static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("construction", textOf(() -> Port.http(70000)));
    texts.put("synth", textOf(() -> faultyApp().synthYaml()));
    return texts;
  }

  private static App faultyApp() {
    App app = new App();
    Chart chart = new Chart(app, "faulty");
    IstioMesh mesh = new IstioMesh(chart, "mesh");
    MeshedService.Builder.create(chart, "one").mesh(mesh).image("one:1").ports(List.of(Port.http(80))).serviceName("same").build();
    MeshedService.Builder.create(chart, "two").mesh(mesh).image("two:1").ports(List.of(Port.http(80))).serviceName("same").build();
    return app;
  }

  /** Takes the text of an exception apart by the library's own means, which are the same in every language. */
  private static String textOf(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException error) {
      StringBuilder text = new StringBuilder();
      for (MeshError found : MeshError.parse(error.getMessage())) {
        String path = found.getConstructPath() == null ? "" : found.getConstructPath();
        text.append(found.getCode()).append(" | ").append(found.getWhat()).append(" | ").append(found.getFix()).append(" | ").append(path).append("\n");
      }
      return text.toString();
    }
    return "no error\n";
  }
}
