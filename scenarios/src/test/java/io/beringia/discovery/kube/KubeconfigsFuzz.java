package io.beringia.discovery.kube;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A kubeconfig from another cluster: what is accepted names an https server elsewhere and inline credentials, and nothing
 * that would run a program or read a file. In {@code make fuzz}, Jazzer watches that none is.
 */
public final class KubeconfigsFuzz {
    private static final Set<String> REFUSED = Set.of(
            "exec", "auth-provider", "tokenFile", "client-certificate", "client-key", "username", "password", "as");

    private KubeconfigsFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        switch (KubeconfigReader.read(text, Set.of())) {
            case KubeconfigReader.Verdict.Refused refused ->
                require(!refused.problems().isEmpty(), "refused: without a reason");
            case KubeconfigReader.Verdict.Accepted accepted -> requireHarmless(text, accepted.kubeconfig());
        }
    }

    private static void requireHarmless(String text, Kubeconfig accepted) {
        URI server = accepted.server();
        require("https".equalsIgnoreCase(server.getScheme()) && server.getUserInfo() == null, "server: " + server);
        require(literal(server.getHost()).filter(KubeconfigsFuzz::isLocal).isEmpty(), "server: " + server);
        Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
        Map<?, ?> context = named(root, "contexts", "context", root.get("current-context"));
        named(root, "users", "user", context.get("user"))
                .forEach((key, value) ->
                        require(!REFUSED.contains(String.valueOf(key)) || Boolean.FALSE.equals(value), "user: " + key));
        require(!accepted.toString().contains("token") || server.toString().contains("token"), "shown: " + accepted);
    }

    /** What a list has under that name, as a plain reader of YAML finds it. */
    private static Map<?, ?> named(Map<?, ?> root, String list, String key, @Nullable Object name) {
        Collection<?> entries = root.get(list) instanceof Collection<?> some ? some : List.of();
        for (Object entry : entries) {
            if (name != null
                    && entry instanceof Map<?, ?> its
                    && name.equals(its.get("name"))
                    && its.get(key) instanceof Map<?, ?> found) {
                return found;
            }
        }
        return Map.of();
    }

    /** As the JDK and as POSIX would read it, without a resolver. */
    private static Optional<InetAddress> literal(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException noLiteral) {
            return posix(bare);
        }
    }

    private static Optional<InetAddress> posix(String host) {
        try {
            return Optional.of(Inet4Address.ofPosixLiteral(host));
        } catch (IllegalArgumentException noLiteral) {
            return Optional.empty();
        }
    }

    private static boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress();
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
