package main

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	mesh "github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh"
	"github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh/istio/istiocrd"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// A mesh that a user wrote. The kernel calls it back at synth; it notes the plan in the annotations of one object a service.
type ownMesh struct {
	constructs.Construct
}

func newOwnMesh(scope constructs.Construct, id string) *ownMesh {
	own := &ownMesh{}
	constructs.NewConstruct_Override(own, scope, jsii.String(id))
	return own
}

func (own *ownMesh) Profile() *mesh.MeshProfile {
	return &mesh.MeshProfile{
		MeshName: jsii.String("own"),
		Capabilities: mesh.Capabilities_Custom(jsii.String("own"),
			jsii.Strings("timeout.request", "match.path.exact", "mtls.permissive", "authz.defaultDeny", "authz.identity")),
		TrustDomain:   jsii.String("own.example.com"),
		ClusterDomain: jsii.String("cluster.local"),
		Mtls:          mesh.MtlsMode_PERMISSIVE,
		Access:        mesh.AccessMode_DECLARED,
		AppProtocols:  &map[string]*string{"http": jsii.String("example.com/web")},
	}
}

func (own *ownMesh) Lower(plan *mesh.MeshPlan) {
	for _, service := range *plan.Services {
		facts := map[string]*string{
			"own/count":    jsii.String(fmt.Sprint(len(*plan.Services))),
			"own/host":     service.Host,
			"own/identity": service.Identity.SpiffeId(),
			"own/mode":     jsii.String(strings.ToLower(fmt.Sprintf("%s %s", service.Mtls, service.Access))),
			"own/ports": join(*service.Ports, " ", func(port mesh.Port) string {
				return fmt.Sprintf("%s:%s:%.0f", *port.Name(), strings.ToLower(string(port.Protocol())), *port.Number())
			}),
			"own/callers": join(*service.Inbound, "; ", func(edge *mesh.InboundEdgePlan) string {
				return caller(edge) + " " + *edge.Access.ToString()
			}),
			"own/callees": join(*service.Outbound, "; ", func(edge *mesh.OutboundEdgePlan) string {
				return fmt.Sprintf("%s %d %t", *edge.Host, len(*edge.Ports), *edge.External)
			}),
			"own/rules": join(*service.HttpRules, "; ", func(rule *mesh.HttpRulePlan) string {
				return *join(*rule.Matches, ",", path) + " " + timeout(rule)
			}),
			"own/images": join(*service.Workloads, " ", func(workload mesh.Workload) string { return *workload.ApiObject().Kind() }),
		}
		cdk8s.NewApiObject(service.Scope, jsii.String("Noted"), &cdk8s.ApiObjectProps{
			ApiVersion: jsii.String("own.example.com/v1"),
			Kind:       jsii.String("Noted"),
			Metadata:   &cdk8s.ApiObjectMetadata{Name: service.ServiceName, Labels: service.PodLabels, Annotations: &facts},
		})
		for _, workload := range *service.Workloads {
			workload.AddPodLabels(&map[string]*string{"own/mesh": jsii.String("on")})
		}
	}
}

func caller(edge *mesh.InboundEdgePlan) string {
	if edge.Caller.Identity == nil {
		return "-"
	}
	return *edge.Caller.Identity.SpiffeId()
}

func path(match *mesh.HttpMatch) string {
	if match.Path == nil {
		return "*"
	}
	return *match.Path.Path()
}

func timeout(rule *mesh.HttpRulePlan) string {
	if rule.Policy.Timeout == nil {
		return "-"
	}
	return fmt.Sprintf("%.0f", *rule.Policy.Timeout.ToMilliseconds(nil))
}

func join[T any](items []T, separator string, text func(T) string) *string {
	texts := []string{}
	for _, item := range items {
		texts = append(texts, text(item))
	}
	return jsii.String(strings.Join(texts, separator))
}

// Two services in the user's mesh, and a generated resource beside them.
func ownMeshApp(app cdk8s.App) {
	chart := cdk8s.NewChart(app, jsii.String("own"), &cdk8s.ChartProps{Namespace: jsii.String("own"), DisableResourceNameHashes: jsii.Bool(true)})
	own := newOwnMesh(chart, "mesh")
	left := mesh.NewMeshedService(chart, jsii.String("left"), &mesh.MeshedServiceProps{
		Mesh:    own,
		Image:   jsii.String("left:1"),
		Ports:   &[]mesh.Port{mesh.Port_Http(jsii.Number(80), nil), mesh.Port_Tcp(jsii.Number(90), nil)},
		Timeout: cdk8s.Duration_Seconds(jsii.Number(3)),
	})
	right := mesh.NewMeshedService(chart, jsii.String("right"), &mesh.MeshedServiceProps{
		Mesh:  own,
		Image: jsii.String("right:1"),
		Ports: &[]mesh.Port{mesh.Port_Grpc(jsii.Number(70), nil)},
	})
	left.AddRoute(&mesh.HttpRule{
		Matches: &[]*mesh.HttpMatch{{Path: mesh.PathMatch_Exact(jsii.String("/slow"))}},
		Timeout: cdk8s.Duration_Minutes(jsii.Number(1)),
	}, nil)
	right.Connections().AllowTo(left, nil, nil)
	left.Connections().AllowTo(right, nil, nil)
	istiocrd.NewTelemetry(chart, jsii.String("telemetry"), nil)
}
