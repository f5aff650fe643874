package io.beringia.discovery.cli;

import io.beringia.discovery.kube.Condition;
import io.beringia.discovery.kube.ImportsReader;
import io.beringia.discovery.kube.KubeObject.ServiceImportObject;
import io.beringia.discovery.kube.KubeconfigReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code beringia imports}: what a cluster imports, as its API says it. */
@Command(
        name = "imports",
        description = "Show the services that a cluster imports, from where, and whether they are ready.")
public final class ImportsCommand implements Callable<Integer> {
    @Option(
            names = "--kubeconfig",
            required = true,
            paramLabel = "FILE",
            description = "How to reach the cluster's API.")
    private Path kubeconfig;

    @Option(names = "--allow-plain-http", description = "Believe a server without TLS: labs only.")
    private boolean allowPlainHttp;

    @Option(names = "--output", defaultValue = "table", description = "table (default) or json.")
    private Output output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<ServiceImportObject> imports =
                ImportsReader.read(KubeconfigReader.open(kubeconfig, KubeconfigReader.Allowance.where(allowPlainHttp)));
        switch (output) {
            case table -> {
                row("SERVICE", "TYPE", "IPS", "PORTS", "CLUSTERS", "READY");
                imports.forEach(it -> row(it.name().toString(), type(it), ips(it), ports(it), clusters(it), ready(it)));
            }
            case json -> spec.commandLine().getOut().println(json(imports).toPrettyString());
        }
        return 0;
    }

    private void row(String... cells) {
        spec.commandLine()
                .getOut()
                .println(String.format("%-40s %-13s %-40s %-24s %-20s %s", (Object[]) cells)
                        .stripTrailing());
    }

    private static String type(ServiceImportObject it) {
        return it.spec().type().word();
    }

    private static String ips(ServiceImportObject it) {
        return it.spec().ips().stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String ports(ServiceImportObject it) {
        return it.spec().ports().stream()
                .map(port -> port.port() + "/" + port.protocol())
                .collect(Collectors.joining(","));
    }

    private static String clusters(ServiceImportObject it) {
        return String.join(",", it.clusters());
    }

    /** With the reason where it is not. */
    private static String ready(ServiceImportObject it) {
        return it.conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .findFirst()
                .map(condition -> condition.status() == Condition.Status.TRUE
                        ? "True"
                        : condition.status().word() + " (" + condition.reason() + ")")
                .orElse("Unknown");
    }

    private static ArrayNode json(List<ServiceImportObject> imports) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ServiceImportObject it : imports) {
            ObjectNode one = all.addObject()
                    .put("namespace", it.name().namespace())
                    .put("name", it.name().name())
                    .put("type", type(it))
                    .put("ready", ready(it))
                    .put("ours", it.isOurs());
            ArrayNode ips = one.putArray("ips");
            it.spec().ips().forEach(ip -> ips.add(ip.toString()));
            ArrayNode ports = one.putArray("ports");
            it.spec()
                    .ports()
                    .forEach(port -> ports.addObject()
                            .put("name", port.name())
                            .put("protocol", port.protocol().name())
                            .put("port", port.port()));
            ArrayNode clusters = one.putArray("clusters");
            it.clusters().forEach(clusters::add);
        }
        return all;
    }
}
