package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh/istio/istiocrd"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Generated resources: nested structs, enums, maps of structs, fields that the types do not know, and a patch.
func resources(app cdk8s.App) {
	chart := cdk8s.NewChart(app, jsii.String("resources"), &cdk8s.ChartProps{Namespace: jsii.String("demo"), DisableResourceNameHashes: jsii.Bool(true)})
	istiocrd.NewPeerAuthentication(chart, jsii.String("strict"), &istiocrd.PeerAuthenticationProps{
		Spec: &istiocrd.PeerAuthenticationSpec{
			Selector:      &istiocrd.WorkloadSelector{MatchLabels: &map[string]*string{"app": jsii.String("cart")}},
			Mtls:          &istiocrd.MutualTLS{Mode: istiocrd.MutualTLSMode_STRICT},
			PortLevelMtls: &map[string]*istiocrd.MutualTLS{"8080": {Mode: istiocrd.MutualTLSMode_PERMISSIVE}},
		},
	})
	routes := istiocrd.NewVirtualService(chart, jsii.String("cart"), &istiocrd.VirtualServiceProps{
		Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("cart"), Labels: &map[string]*string{"team": jsii.String("shop")}},
		Spec: &istiocrd.VirtualServiceSpec{
			Hosts: jsii.Strings("cart.demo.svc.cluster.local"),
			Http: &[]*istiocrd.HTTPRoute{{
				Match: &[]*istiocrd.HTTPMatchRequest{{
					Uri:     &istiocrd.StringMatch{Prefix: jsii.String("/cart/")},
					Headers: &map[string]*istiocrd.StringMatch{"x-beta": {Exact: jsii.String("true")}},
				}},
				Route:   &[]*istiocrd.HTTPRouteDestination{destination("v1", 90), destination("v2", 10)},
				Timeout: jsii.String("2.5s"),
			}},
		},
		AdditionalSpec: &map[string]interface{}{
			"notKnownYet": map[string]interface{}{"ratio": 0.5, "names": []interface{}{"a", "b"}},
		},
	})
	routes.AddJsonPatch(cdk8s.JsonPatch_Replace(jsii.String("/spec/http/0/timeout"), jsii.String("3s")))
}

func destination(subset string, weight float64) *istiocrd.HTTPRouteDestination {
	return &istiocrd.HTTPRouteDestination{
		Destination: &istiocrd.Destination{Host: jsii.String("cart"), Subset: jsii.String(subset), Port: &istiocrd.PortSelector{Number: jsii.Number(7070)}},
		Weight:      jsii.Number(weight),
	}
}
