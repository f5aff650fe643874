package io.beringia.scenarios.demo;

import io.beringia.discovery.wire.FileCatalog;
import io.beringia.trust.cli.CaCommand;
import io.beringia.trust.identity.SpiffeId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Writes everything that the demo's processes read: a root, an intermediate for each cluster, a certificate for each
 * workload, catalogs and configurations. All of it below one new directory.
 */
final class DemoFiles {
    private final Path directory;

    private DemoFiles(Path directory) {
        this.directory = directory;
    }

    static DemoFiles write(Path directory) throws IOException {
        DemoFiles files = new DemoFiles(directory);
        Files.createDirectories(directory);
        files.ca("root", "--demo", "--trust-domain", DemoRegion.TRUST_DOMAIN.name());
        for (DemoRegion region : DemoRegion.ALL) {
            files.writeRegion(region);
        }
        return files;
    }

    Path gatewayConfig(DemoRegion region, int index) {
        return directory.resolve(region.region() + "-gateway-" + index + ".yaml");
    }

    Path serverConfig(DemoRegion region) {
        return directory.resolve(region.region() + "-server.yaml");
    }

    Path clientConfig(DemoRegion region) {
        return directory.resolve(region.region() + "-client.yaml");
    }

    Path journal(DemoRegion region) {
        return directory.resolve(region.region() + "-served.txt");
    }

    private void writeRegion(DemoRegion region) throws IOException {
        ca("intermediate", "--name", region.cluster().name());
        for (SpiffeId id : List.of(region.gatewayIdentity(), region.clientIdentity(), region.serverIdentity())) {
            issue(region, id);
        }
        Files.writeString(hostsCatalog(region), FileCatalog.print(DemoCatalogs.ofHosts(region)));
        Files.writeString(gatewaysCatalog(region), FileCatalog.print(DemoCatalogs.ofGateways(region)));
        for (int index = 0; index < DemoRegion.GATEWAYS; index++) {
            Files.writeString(gatewayConfig(region, index), gatewayYaml(region, index));
        }
        Files.writeString(serverConfig(region), serverYaml(region));
        Files.writeString(clientConfig(region), clientYaml(region));
    }

    private String gatewayYaml(DemoRegion region, int index) {
        return head(region, DemoRegion.admin(region.gateway(index)).toString())
                + """
                roles:
                  gateway:
                    name: gateway-%1$d
                    hbone: %2$s:%3$d
                    relay: %2$s:%4$d
                    source: %2$s
                    loops: 1
                    allow-loopback: true
                %5$s""".formatted(
                                index,
                                region.gateway(index),
                                DemoRegion.HBONE_PORT,
                                DemoRegion.RELAY_PORT,
                                sources(region, region.gatewayIdentity(), gatewaysCatalog(region)));
    }

    private String serverYaml(DemoRegion region) {
        return head(region, DemoRegion.admin(region.server()).toString())
                + """
                roles:
                  host:
                    workload: %1$s
                    source: %2$s
                    inbound: {listen: "%2$s:%3$d", application: %2$s}
                %4$s""".formatted(
                                region.uid("demo", "echo-0"),
                                region.server(),
                                DemoRegion.HBONE_PORT,
                                sources(region, region.serverIdentity(), hostsCatalog(region)));
    }

    private String clientYaml(DemoRegion region) {
        String listeners = DemoService.all().stream()
                .map(service -> "      - {listen: \"" + region.listener(service) + "\", service: \""
                        + service.serviceName().hostname() + ":" + DemoService.PORT + "\"}\n")
                .collect(Collectors.joining());
        return head(region, DemoRegion.admin(region.client()).toString())
                + """
                roles:
                  host:
                    workload: %1$s
                    source: %4$s
                    listeners:
                %2$s%3$s""".formatted(
                                region.uid("demo", "web-0"),
                                listeners,
                                sources(region, region.clientIdentity(), hostsCatalog(region)),
                                region.client());
    }

    private static String head(DemoRegion region, String admin) {
        return "region: %s\ncluster: %s\nnetwork: %s\nadmin: \"%s\"\n"
                .formatted(region.region(), region.cluster(), region.network(), admin);
    }

    private String sources(DemoRegion region, SpiffeId id, Path catalog) {
        Path folder = certificates(region, id);
        return String.join(
                "\n",
                "    identity-from:",
                "      files:",
                "        chain: " + folder.resolve("workload-cert-chain.pem"),
                "        key: " + folder.resolve("key.pem"),
                "        bundles: {" + DemoRegion.TRUST_DOMAIN + ": " + folder.resolve("root-cert.pem") + "}",
                "    catalog-from: {file: " + catalog + "}",
                "");
    }

    private void issue(DemoRegion region, SpiffeId id) {
        SpiffeId.ServiceAccount account = id.serviceAccount().orElseThrow();
        ca(
                "workload",
                "--name",
                region.cluster().name(),
                "--namespace",
                account.namespace(),
                "--service-account",
                account.name(),
                "--out",
                certificates(region, id).toString());
    }

    private Path certificates(DemoRegion region, SpiffeId id) {
        return directory.resolve(
                region.region() + "-" + id.serviceAccount().orElseThrow().name());
    }

    private Path hostsCatalog(DemoRegion region) {
        return directory.resolve(region.region() + "-hosts-catalog.yaml");
    }

    private Path gatewaysCatalog(DemoRegion region) {
        return directory.resolve(region.region() + "-gateways-catalog.yaml");
    }

    private void ca(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of(command, "--dir", directory.toString()));
        arguments.addAll(Arrays.asList(options));
        StringWriter said = new StringWriter();
        int code = new CommandLine(new CaCommand())
                .setOut(new PrintWriter(Writer.nullWriter()))
                .setErr(new PrintWriter(said))
                .execute(arguments.toArray(String[]::new));
        if (code != 0) {
            throw new IllegalStateException(
                    "beringia ca " + command + ": " + said.toString().strip());
        }
    }
}
