package main

import (
	"github.com/aws/jsii-runtime-go"
	mesh "github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh"
	"github.com/cdk8s-mesh/cdk8s-mesh-go/cdk8smesh/istio"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Services in Istio, over two charts, with edges in both directions.
func shop(app cdk8s.App) {
	back := cdk8s.NewChart(app, jsii.String("back"), &cdk8s.ChartProps{Namespace: jsii.String("shop"), DisableResourceNameHashes: jsii.Bool(true)})
	front := cdk8s.NewChart(app, jsii.String("front"), &cdk8s.ChartProps{Namespace: jsii.String("web"), DisableResourceNameHashes: jsii.Bool(true)})
	istioMesh := istio.NewIstioMesh(back, jsii.String("mesh"), &istio.IstioMeshProps{
		TrustDomain: jsii.String("shop.example.com"),
		Defaults:    &mesh.TrafficPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(10))},
	})

	cart := mesh.NewMeshedService(back, jsii.String("cart"), &mesh.MeshedServiceProps{
		Mesh: istioMesh,
		Workload: mesh.Workload_Image(jsii.String("registry.example.com/cart:1.4.2"), &mesh.ImageOptions{
			Replicas: jsii.Number(2),
			Env:      &map[string]*string{"REDIS": jsii.String("redis:6379")},
			Args:     jsii.Strings("--verbose"),
		}),
		Ports: &[]mesh.Port{
			mesh.Port_Grpc(jsii.Number(7070), nil),
			mesh.Port_Tcp(jsii.Number(9000), &mesh.PortOptions{Name: jsii.String("tcp-admin"), ServerFirst: jsii.Bool(true)}),
		},
		Timeout: cdk8s.Duration_Millis(jsii.Number(1500)),
		Retries: mesh.Retries_Attempts(jsii.Number(2), &mesh.RetryOptions{
			Conditions:    &[]mesh.RetryOn{mesh.RetryOn_CONNECT_FAILURE, mesh.RetryOn_GRPC_UNAVAILABLE},
			PerTryTimeout: cdk8s.Duration_Millis(jsii.Number(500)),
		}),
		LoadBalancing: mesh.LoadBalancing_LeastRequest(),
		CircuitBreaker: mesh.CircuitBreaker_Of(&mesh.CircuitBreakerOptions{
			Outliers: &mesh.OutlierDetection{ConsecutiveServerErrors: jsii.Number(7), Interval: cdk8s.Duration_Seconds(jsii.Number(20))},
			Pool:     &mesh.ConnectionPool{MaxConnections: jsii.Number(100)},
		}),
		Metrics:     mesh.Metrics_Merged(jsii.Number(9090), nil),
		EgressScope: jsii.Bool(true),
	})
	web := mesh.NewMeshedService(front, jsii.String("web"), &mesh.MeshedServiceProps{
		Mesh:  istioMesh,
		Image: jsii.String("registry.example.com/web:2.0.1"),
		Ports: &[]mesh.Port{mesh.Port_Http(jsii.Number(80), &mesh.PortOptions{TargetPort: jsii.Number(8080)})},
	})
	payments := mesh.NewExternalService(back, jsii.String("payments"), &mesh.ExternalServiceProps{
		Mesh:  istioMesh,
		Hosts: jsii.Strings("api.payments.example.com"),
		Ports: &[]mesh.Port{mesh.Port_Tls(jsii.Number(443), nil)},
	})

	web.Connections().AllowTo(cart, mesh.Access_Grpc(jsii.String("shop.v1.Cart"), jsii.String("AddItem"), jsii.String("GetCart")),
		&mesh.CallPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(1))})
	cart.Connections().AllowTo(web, mesh.Access_Http(&mesh.HttpAccessOptions{
		Paths:   &[]mesh.PathMatch{mesh.PathMatch_Prefix(jsii.String("/hooks"))},
		Headers: &[]mesh.HeaderMatch{mesh.HeaderMatch_Exact(jsii.String("x-from"), jsii.String("cart"))},
	}), nil)
	cart.Connections().AllowTo(payments, nil, nil)

	canary := web.Subset(jsii.String("v2"), &mesh.SubsetOptions{Labels: &map[string]*string{"version": jsii.String("v2")}})
	web.AddRoute(&mesh.HttpRule{
		RuleName: jsii.String("beta"),
		Matches: &[]*mesh.HttpMatch{{
			Path:    mesh.PathMatch_Exact(jsii.String("/beta")),
			Headers: &[]mesh.HeaderMatch{mesh.HeaderMatch_Exact(jsii.String("x-beta"), jsii.String("true"))},
		}},
		Destinations: &[]mesh.Destination{mesh.Destination_Subset(canary, nil)},
	}, nil)
	web.SplitTo(
		mesh.Destination_Service(web, mesh.Weight_Of(jsii.Number(90)), nil),
		mesh.Destination_Subset(canary, mesh.Weight_Of(jsii.Number(10))),
	)

	ingress := mesh.NewIngress(front, jsii.String("ingress"), &mesh.IngressProps{
		Mesh:  istioMesh,
		Hosts: jsii.Strings("shop.example.com"),
		Tls:   mesh.TlsSource_Secret(jsii.String("shop-cert")),
	})
	ingress.Route(web, nil)
}
