import os

from cdk8s import App

from errors import error_texts
from own_mesh import own_mesh
from resources import resources
from shop import shop

app = App()
resources(app)
shop(app)
own_mesh(app)
app.synth()

for name, text in error_texts().items():
    with open(os.path.join(app.outdir, f"{name}.error.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
