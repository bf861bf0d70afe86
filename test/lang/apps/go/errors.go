package main

import (
	"fmt"

	"github.com/aws/jsii-runtime-go"
	mesh "github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh"
	"github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh/istio"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Texts of errors that programs meet: one at construction, several together at synth.
func errorTexts() map[string]string {
	return map[string]string{
		"construction": textOf(func() { mesh.Port_Http(jsii.Number(70000), nil) }),
		"synth":        textOf(func() { faultyApp().SynthYaml() }),
	}
}

func faultyApp() cdk8s.App {
	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("faulty"), nil)
	istioMesh := istio.NewIstioMesh(chart, jsii.String("mesh"), nil)
	for _, id := range []string{"one", "two"} {
		mesh.NewMeshedService(chart, jsii.String(id), &mesh.MeshedServiceProps{
			Mesh:        istioMesh,
			Image:       jsii.String(id + ":1"),
			Ports:       &[]mesh.Port{mesh.Port_Http(jsii.Number(80), nil)},
			ServiceName: jsii.String("same"),
		})
	}
	return app
}

// Takes the text of a panic apart by the library's own means, which are the same in every language.
func textOf(action func()) (text string) {
	defer func() {
		if problem := recover(); problem != nil {
			for _, found := range *mesh.MeshError_Parse(jsii.String(fmt.Sprint(problem))) {
				path := ""
				if found.ConstructPath() != nil {
					path = *found.ConstructPath()
				}
				text += fmt.Sprintf("%s | %s | %s | %s\n", *found.Code(), *found.What(), *found.Fix(), path)
			}
		}
	}()
	action()
	return "no error\n"
}
