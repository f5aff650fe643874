package io.beringia.discovery.kube;

import io.beringia.discovery.catalog.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads a kubeconfig field by field, before any client sees it: nothing in it starts a process, opens a file, or calls a
 * URL of its author's choice. Pure. Unknown fields are dropped, known dangerous ones refused, all of them at once.
 */
public final class KubeconfigReader {
    /** Room for a chain and a key; more is no kubeconfig of one cluster. */
    private static final int TEXT_BYTES_MAX = 64 * 1024;

    /** What a user entry must not say: it would start processes, read files, or act as somebody else. */
    private static final List<String> USER_REFUSED = List.of(
            "exec",
            "auth-provider",
            "tokenFile",
            "client-key",
            "client-certificate",
            "as",
            "as-uid",
            "as-groups",
            "as-user-extra",
            "username",
            "password");

    private static final List<String> CLUSTER_REFUSED =
            List.of("certificate-authority", "insecure-skip-tls-verify", "proxy-url", "tls-server-name");

    /** Names of cloud metadata services; their addresses are link-local or listed below. */
    private static final Set<String> METADATA_HOSTS =
            Set.of("metadata", "metadata.google.internal", "fd00:ec2::254", "100.100.100.200", "168.63.129.16");

    private final Set<Allowance> allowed;
    private final List<String> problems = new ArrayList<>();

    /** What is refused unless it is switched on by name. */
    public enum Allowance {
        /** A server without TLS. */
        PLAIN_HTTP,
        /** A server on loopback, link-local or a metadata address. */
        LOCAL_SERVER;

        /** Both for a lab, which a switch says it is, and else none. */
        public static Set<Allowance> where(boolean isLab) {
            return isLab ? EnumSet.allOf(Allowance.class) : EnumSet.noneOf(Allowance.class);
        }
    }

    /** What came of reading. */
    public sealed interface Verdict {
        record Accepted(Kubeconfig kubeconfig) implements Verdict {}

        record Refused(List<String> problems) implements Verdict {
            public Refused {
                problems = List.copyOf(problems);
            }
        }
    }

    private KubeconfigReader(Set<Allowance> allowed) {
        this.allowed = Set.copyOf(allowed);
    }

    /** Any thread. */
    public static Verdict read(String text, Set<Allowance> allowed) {
        KubeconfigReader reader = new KubeconfigReader(allowed);
        Optional<Kubeconfig> read = reader.parsed(text).flatMap(reader::kubeconfig);
        return read.isPresent() && reader.problems.isEmpty()
                ? new Verdict.Accepted(read.get())
                : new Verdict.Refused(reader.problems);
    }

    /**
     * That of a file. Throws {@link IllegalArgumentException} where it is refused, and {@link UncheckedIOException} where it cannot
     * be read.
     */
    public static Kubeconfig open(Path file, Set<Allowance> allowed) {
        try {
            return switch (read(Files.readString(file), allowed)) {
                case Verdict.Accepted(Kubeconfig accepted) -> accepted;
                case Verdict.Refused(List<String> problems) ->
                    throw new IllegalArgumentException(file + ": " + String.join("; ", problems));
            };
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + ": not readable (expected: a kubeconfig)", unreadable);
        }
    }

    private Optional<JsonNode> parsed(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > TEXT_BYTES_MAX) {
            return refuse("kubeconfig: more than " + TEXT_BYTES_MAX + " bytes (expected: at most 64 KiB)");
        }
        try {
            new Parse(LoadSettings.builder().build()).parseString(text).forEach(this::checkPlain);
            return problems.isEmpty() ? Optional.of(strictYaml().readTree(text)) : Optional.empty();
        } catch (YamlEngineException | JacksonException broken) {
            return refuse(
                    "kubeconfig: not readable (expected: one YAML document without anchors, tags or keys said twice)");
        }
    }

    private static YAMLMapper strictYaml() {
        return YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    private void checkPlain(Event event) {
        int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        if (event instanceof AliasEvent
                || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
            problems.add("kubeconfig line " + line + ": an anchor or alias (expected: none)");
        }
        boolean tagged = switch (event) {
            case ScalarEvent scalar -> scalar.getTag().isPresent();
            case CollectionStartEvent collection -> collection.getTag().isPresent();
            default -> false;
        };
        if (tagged) {
            problems.add("kubeconfig line " + line + ": a tag (expected: none)");
        }
    }

    private Optional<Kubeconfig> kubeconfig(JsonNode root) {
        String current = root.path("current-context").asString("");
        JsonNode context = named(root, "contexts", current).path("context");
        JsonNode cluster =
                named(root, "clusters", context.path("cluster").asString("")).path("cluster");
        JsonNode user = context.has("user")
                ? named(root, "users", context.path("user").asString("")).path("user")
                : context.path("user");
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        refuseFields("cluster", cluster, CLUSTER_REFUSED);
        refuseFields("user", user, USER_REFUSED);
        return server(cluster.path("server").asString(""))
                .map(server -> new Kubeconfig(
                        server,
                        text(cluster, "certificate-authority-data"),
                        text(user, "token"),
                        text(user, "client-certificate-data"),
                        text(user, "client-key-data")));
    }

    /** The one entry of that name; a second one of the same name would leave open which is meant. */
    private JsonNode named(JsonNode root, String list, String name) {
        Map<String, Integer> count = new TreeMap<>();
        JsonNode found = root.path("nothing");
        for (JsonNode one : root.path(list)) {
            String its = one.path("name").asString("");
            count.merge(its, 1, Integer::sum);
            found = its.equals(name) ? one : found;
        }
        if (name.isEmpty() || count.getOrDefault(name, 0) != 1) {
            problems.add("kubeconfig " + list + ": " + count.getOrDefault(name, 0) + " named \"" + shown(name)
                    + "\" (expected: exactly one, named by current-context)");
        }
        return found;
    }

    private void refuseFields(String where, JsonNode entry, List<String> refused) {
        refused.stream()
                .filter(entry::has)
                .filter(field ->
                        !(entry.path(field).isBoolean() && !entry.path(field).asBoolean(true)))
                .forEach(field -> problems.add("kubeconfig " + where + ": " + field + " (expected: not there)"));
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asString("");
    }

    private Optional<URI> server(String text) {
        URI server;
        try {
            server = new URI(text);
        } catch (URISyntaxException noUri) {
            return refuse("kubeconfig server (expected: an https URL)");
        }
        String scheme = Optional.ofNullable(server.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        String host = Optional.ofNullable(server.getHost()).orElse("").toLowerCase(Locale.ROOT);
        boolean plain = scheme.equals("http") && allowed.contains(Allowance.PLAIN_HTTP);
        if (!scheme.equals("https") && !plain) {
            return refuse("kubeconfig server: scheme \"" + shown(scheme) + "\" (expected: https)");
        }
        if (host.isEmpty()
                || server.getUserInfo() != null
                || server.getQuery() != null
                || server.getFragment() != null) {
            return refuse("kubeconfig server (expected: scheme, host, port and path only)");
        }
        if (isLocal(host) && !allowed.contains(Allowance.LOCAL_SERVER)) {
            return refuse(
                    "kubeconfig server: host " + shown(host) + " (expected: not loopback, link-local or metadata)");
        }
        return Optional.of(server);
    }

    /** A number that is no dotted address ({@code 2130706433}, {@code 0x7f.1}) may mean loopback to a resolver. */
    private static boolean isLocal(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
        if (name.equals("localhost") || name.endsWith(".localhost") || METADATA_HOSTS.contains(name)) {
            return true;
        }
        try {
            IpAddress address = IpAddress.parse(name);
            return address.isLoopback()
                    || address.isLinkLocal()
                    || address.isUnspecified()
                    || METADATA_HOSTS.contains(address.toString());
        } catch (IllegalArgumentException noAddress) {
            String last = name.substring(name.lastIndexOf('.') + 1);
            return name.contains(":") || last.isEmpty() || Character.isDigit(last.charAt(0));
        }
    }

    private <T> Optional<T> refuse(String problem) {
        problems.add(problem);
        return Optional.empty();
    }

    private static String shown(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 64 ? printable.substring(0, 64) + "..." : printable;
    }
}
