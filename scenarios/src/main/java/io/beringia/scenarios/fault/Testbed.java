package io.beringia.scenarios.fault;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A network namespace for each site and one, the hub, between them: a veth pair leads from each site to the hub, which
 * forwards. Whoever runs in the hub reaches every site directly; faults are rules of what it forwards, so they never part a
 * runner from the sites. Sites keep their loopback addresses, which these namespaces route ({@code route_localnet}). Owned by
 * the runner's thread; a {@link Watchdog} takes everything away if that ends first.
 */
public final class Testbed implements AutoCloseable {
    private static final String HUB_ADDRESS = "127.200.0.1";
    private static final String TRIAL = "trial";

    private final String prefix = "bz" + ProcessHandle.current().pid() + "-";
    private final List<String> made = new ArrayList<>();
    private final List<Site> sites;
    private final Guard guard;

    private Testbed(List<Site> sites, Guard guard) {
        this.sites = List.copyOf(sites);
        this.guard = guard;
    }

    /** Makes all of it, or nothing. */
    public static Testbed create(List<Site> sites, List<String> watchdogCommand, Path logs) throws IOException {
        Testbed testbed = new Testbed(sites, Guard.start(watchdogCommand, logs));
        try {
            testbed.build();
            return testbed;
        } catch (IOException failed) {
            testbed.close();
            throw failed;
        }
    }

    /** What this machine lacks for it, in a sentence; empty if nothing. */
    public static Optional<String> whyNot() {
        String namespace = "bz" + ProcessHandle.current().pid() + "-" + TRIAL;
        try {
            Program.run("ip", "netns", "add", namespace);
            try {
                Program.run("ip", "netns", "exec", namespace, "nft", "add", "table", "inet", TRIAL);
                return Optional.empty();
            } finally {
                Program.run("ip", "netns", "del", namespace);
            }
        } catch (IOException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    /** What a command begins with that runs in the hub. */
    public List<String> hub() {
        return inside(prefix + "hub");
    }

    /** For {@link #seat}: all namespaces of this testbed are called so at first. */
    public String prefix() {
        return prefix;
    }

    /** What a command begins with that runs at that site of a testbed; from anywhere. */
    public static List<String> seat(String prefix, Site site) {
        return inside(prefix + site.name());
    }

    /** Whatever the runner's child is, it does not outlive us. */
    public void guard(ProcessHandle child) throws IOException {
        guard.keep(Residue.Child.of(child));
    }

    private static List<String> inside(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    private void build() throws IOException {
        String hub = namespace("hub");
        ip(hub, "address", "add", HUB_ADDRESS + "/32", "dev", "lo");
        for (Site site : sites) {
            String there = namespace(site.name());
            String link = site.link();
            String near = "10.99." + site.number() + ".1";
            String far = "10.99." + site.number() + ".2";
            Program.run("ip", "link", "add", link, "netns", hub, "type", "veth", "peer", "name", "wan", "netns", there);
            ip(hub, "address", "add", near + "/30", "dev", link);
            ip(hub, "link", "set", link, "up");
            ip(there, "address", "add", far + "/30", "dev", "wan");
            ip(there, "link", "set", "wan", "up");
            ip(there, "address", "add", site.address() + "/32", "dev", "lo");
            ip(there, "route", "add", "local", site.prefix(), "dev", "lo");
            ip(there, "route", "add", "127.0.0.0/8", "via", near, "dev", "wan", "src", site.address());
            ip(hub, "route", "add", site.prefix(), "via", far, "dev", link, "src", HUB_ADDRESS);
        }
    }

    /** A new one that forwards, believes packets with loopback addresses, and has but one such address itself. */
    private String namespace(String name) throws IOException {
        Residue.Namespace namespace = new Residue.Namespace(prefix + name);
        guard.keep(namespace);
        Program.run("ip", "netns", "add", namespace.name());
        made.add(namespace.name());
        set(namespace.name(), "conf/all/route_localnet", "1");
        set(namespace.name(), "conf/all/rp_filter", "0");
        set(namespace.name(), "conf/default/rp_filter", "0");
        set(namespace.name(), "ip_forward", "1");
        ip(namespace.name(), "link", "set", "lo", "up");
        ip(namespace.name(), "address", "del", "127.0.0.1/8", "dev", "lo");
        ip(namespace.name(), "address", "add", "127.0.0.1/32", "dev", "lo");
        return namespace.name();
    }

    private static void set(String namespace, String key, String value) throws IOException {
        Program.run(
                Stream.concat(inside(namespace).stream(), Stream.of("tee", "/proc/sys/net/ipv4/" + key))
                        .toList(),
                value);
    }

    private static void ip(String namespace, String... arguments) throws IOException {
        Program.run(Stream.concat(Stream.of("ip", "-n", namespace), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** Takes all of it away. Throws {@link IOException} if something is left. */
    @Override
    public void close() throws IOException {
        guard.close();
        List<String> left = Program.run("ip", "netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .filter(made::contains)
                .toList();
        if (!left.isEmpty()) {
            throw new IOException("network namespaces: " + left + " are left (expected: none)");
        }
    }
}
