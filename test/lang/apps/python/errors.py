from typing import Callable, Dict

from cdk8s import App, Chart
from cdk8s_mesh import MeshError, MeshedService, Port, istio


def error_texts() -> Dict[str, str]:
    """Texts of errors that programs meet: one at construction, several together at synth."""
    return {
        "construction": text_of(lambda: Port.http(70000)),
        "synth": text_of(lambda: faulty_app().synth_yaml()),
    }


def faulty_app() -> App:
    app = App()
    chart = Chart(app, "faulty")
    mesh = istio.IstioMesh(chart, "mesh")
    MeshedService(chart, "one", mesh=mesh, image="one:1", ports=[Port.http(80)], service_name="same")
    MeshedService(chart, "two", mesh=mesh, image="two:1", ports=[Port.http(80)], service_name="same")
    return app


def text_of(action: Callable[[], object]) -> str:
    """Takes the text of an exception apart by the library's own means, which are the same in every language."""
    try:
        action()
    except Exception as error:
        return "".join(f"{found.code} | {found.what} | {found.fix} | {found.construct_path or ''}\n" for found in MeshError.parse(str(error)))
    return "no error\n"
