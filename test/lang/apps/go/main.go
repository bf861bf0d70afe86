package main

import (
	"os"
	"path/filepath"

	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	app := cdk8s.NewApp(nil)
	resources(app)
	shop(app)
	ownMeshApp(app)
	app.Synth()
	for name, text := range errorTexts() {
		if err := os.WriteFile(filepath.Join(*app.Outdir(), name+".error.txt"), []byte(text), 0o644); err != nil {
			panic(err)
		}
	}
}
