package io.beringia.scenarios.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Four network namespaces on one bridge: a ztunnel always dials port 15008 of its peer and binds it on every address, so
 * each needs a network of its own. Nothing outside of them is touched. Owned by the test's thread.
 */
final class Namespaces implements AutoCloseable {
    /** What a test class locks, since their names stand once on a machine. */
    static final String NAMES = "names of network namespaces";

    static final String MESH = "bz-mesh";
    static final String CLIENT = "bz-client";
    /** For a second client. */
    static final String OTHER = "bz-other";

    static final String SERVER = "bz-server";
    private static final String TRIAL = "bz-trial";
    private static final List<String> ALL = List.of(CLIENT, OTHER, SERVER, MESH);
    private static final String PREFIX = "10.231.0.";
    private static final int PATIENCE_SECONDS = 20;

    private Namespaces() {}

    /** Takes away what an earlier run left, then makes them anew. */
    static Namespaces create() throws IOException, InterruptedException {
        Namespaces namespaces = new Namespaces();
        namespaces.close();
        try {
            namespaces.build();
            return namespaces;
        } catch (IOException | InterruptedException failed) {
            namespaces.close();
            throw failed;
        }
    }

    static String address(int host) {
        return PREFIX + host;
    }

    static List<String> inside(String namespace, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    /** Whether this machine lets us have namespaces; says why not, or nothing. */
    static String whyNot() {
        try {
            if (ip("netns", "list").contains(TRIAL)) {
                ip("netns", "del", TRIAL);
            }
            ip("netns", "add", TRIAL);
            ip("netns", "del", TRIAL);
            return "";
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void build() throws IOException, InterruptedException {
        for (String namespace : ALL) {
            ip("netns", "add", namespace);
            ip("-n", namespace, "link", "set", "lo", "up");
        }
        ip("-n", MESH, "link", "add", "br0", "type", "bridge");
        ip("-n", MESH, "link", "set", "br0", "up");
        for (int host = 1; host <= LabAddresses.MESH_HOSTS; host++) {
            ip("-n", MESH, "address", "add", address(host) + "/24", "dev", "br0");
        }
        attach(CLIENT, "client", LabAddresses.CLIENT);
        attach(OTHER, "other", LabAddresses.OTHER);
        attach(SERVER, "server", LabAddresses.SERVER);
    }

    private static void attach(String namespace, String port, String address) throws IOException, InterruptedException {
        ip("-n", MESH, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        ip("-n", MESH, "link", "set", port, "master", "br0", "up");
        ip("-n", namespace, "address", "add", address + "/24", "dev", "eth0");
        ip("-n", namespace, "link", "set", "eth0", "up");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        List<String> there = ip("netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
        for (String namespace : ALL) {
            if (there.contains(namespace)) {
                ip("netns", "del", namespace);
            }
        }
    }

    private static String ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + ": " + said + " (expected: success, as root)");
        }
        return said;
    }
}
