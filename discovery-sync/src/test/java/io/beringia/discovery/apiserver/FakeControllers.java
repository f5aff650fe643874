package io.beringia.discovery.apiserver;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Does for one cluster, again and again, what kubelets and the controller manager would: deployments get pods, pods an address
 * and run, services with a selector their EndpointSlice, and namespaces that are deleted end. Nothing listens at those
 * addresses. The thread {@code fake-controllers} does all of it; what fails is tried again in the next round.
 */
public final class FakeControllers implements AutoCloseable {
    private static final Duration ROUND_EVERY = Duration.ofMillis(250);

    /** All kinds in a namespace that anybody here writes. */
    private static final List<String> KINDS = List.of(
            "/apis/apps/v1/namespaces/%s/deployments",
            "/apis/multicluster.x-k8s.io/v1beta1/namespaces/%s/serviceexports",
            "/api/v1/namespaces/%s/services",
            "/api/v1/namespaces/%s/pods",
            "/apis/discovery.k8s.io/v1/namespaces/%s/endpointslices",
            "/apis/multicluster.x-k8s.io/v1beta1/namespaces/%s/serviceimports");

    private final KubernetesClient client;
    private final String network;
    private int addresses;

    /** As last written, by the service's uid: to write the same again would only cost. */
    private final Map<String, EndpointSlice> slices = new HashMap<>();

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("fake-controllers").unstarted(this::run);

    private FakeControllers(KubernetesClient client, String network) {
        this.client = client;
        this.network = network;
    }

    /** @param network first two numbers of its pods' addresses, as {@code 10.1} */
    public static FakeControllers start(KubernetesClient client, String network) {
        FakeControllers controllers = new FakeControllers(client, network);
        controllers.thread.start();
        return controllers;
    }

    private void run() {
        try {
            while (!stop.await(ROUND_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                attempt(this::round);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Somebody else was faster, it is gone, or the server is: the next round sees. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (KubernetesClientException again) {
            // nothing to tell: a test that waits for what was not done says so
        }
    }

    private void round() {
        List<Pod> pods = client.pods().inAnyNamespace().list().getItems();
        for (Deployment one :
                client.apps().deployments().inAnyNamespace().list().getItems()) {
            attempt(() -> deploy(one, pods));
        }
        for (Pod pod : pods) {
            if (pod.getStatus().getPodIP() == null) {
                attempt(() -> startPod(pod));
            }
        }
        for (Service one : client.services().inAnyNamespace().list().getItems()) {
            attempt(() -> writeSlice(one, pods));
        }
        for (Namespace one : client.namespaces().list().getItems()) {
            if (one.getMetadata().getDeletionTimestamp() != null) {
                attempt(() -> end(one));
            }
        }
    }

    private void deploy(Deployment deployment, List<Pod> pods) {
        for (int replica = 0; replica < deployment.getSpec().getReplicas(); replica++) {
            Pod pod = pod(deployment, replica);
            if (pods.stream().noneMatch(one -> place(one).equals(place(pod)))) {
                client.resource(pod).create();
            }
        }
    }

    private static Pod pod(Deployment deployment, int replica) {
        var template = deployment.getSpec().getTemplate();
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName() + "-" + replica)
                .withLabels(template.getMetadata().getLabels())
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
    }

    private static List<String> place(HasMetadata of) {
        return List.of(of.getMetadata().getNamespace(), of.getMetadata().getName());
    }

    private void startPod(Pod pod) {
        addresses++;
        String ip = network + "." + addresses / 250 + "." + (1 + addresses % 250);
        client.resource(pod).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
                 "conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(ip));
    }

    private void writeSlice(Service service, List<Pod> pods) {
        Map<String, String> selector = service.getSpec().getSelector();
        EndpointSlice wanted = slice(
                service,
                pods.stream()
                        .filter(pod -> pod.getStatus().getPodIP() != null
                                && pod.getMetadata()
                                        .getNamespace()
                                        .equals(service.getMetadata().getNamespace())
                                && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                        .toList());
        String uid = service.getMetadata().getUid();
        if (!selector.isEmpty() && !wanted.equals(slices.get(uid))) {
            client.resource(wanted).fieldManager("fake-controllers").serverSideApply();
            slices.put(uid, wanted);
        }
    }

    private static EndpointSlice slice(Service service, List<Pod> pods) {
        EndpointSliceBuilder slice = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(service.getMetadata().getName() + "-fake")
                .addToLabels("kubernetes.io/service-name", service.getMetadata().getName())
                .addToLabels("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .endMetadata()
                .withAddressType("IPv4")
                .withPorts(service.getSpec().getPorts().stream()
                        .map(port -> new EndpointPortBuilder()
                                .withName(port.getName())
                                .withProtocol(port.getProtocol())
                                .withPort(port.getTargetPort().getIntVal())
                                .build())
                        .toList());
        for (Pod pod : pods) {
            slice.addNewEndpoint()
                    .withAddresses(pod.getStatus().getPodIP())
                    .withNewConditions()
                    .withReady(true)
                    .withServing(true)
                    .withTerminating(false)
                    .endConditions()
                    .withNewTargetRef()
                    .withKind("Pod")
                    .withNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .endTargetRef()
                    .endEndpoint();
        }
        return slice.build();
    }

    /** Nothing new is made in it any more: what it holds goes, then it may. */
    private void end(Namespace namespace) {
        String name = namespace.getMetadata().getName();
        KINDS.forEach(kind -> client.raw(kind.formatted(name), "DELETE", null));
        namespace.getSpec().setFinalizers(List.of());
        client.raw("/api/v1/namespaces/" + name + "/finalize", "PUT", namespace);
    }

    @Override
    public void close() throws InterruptedException {
        stop.countDown();
        thread.join();
    }
}
