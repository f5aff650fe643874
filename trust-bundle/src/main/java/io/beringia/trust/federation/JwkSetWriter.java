package io.beringia.trust.federation;

import io.beringia.trust.identity.Base64Text;
import io.beringia.trust.pki.X509;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a SPIFFE bundle that SPIRE takes: every entry is a root, with one certificate and no {@code kid}. Pure. */
final class JwkSetWriter {
    private static final JsonMapper JSON = JsonMapper.shared();

    private JwkSetWriter() {}

    static byte[] write(BundleDocument bundle) {
        ObjectNode set = JSON.createObjectNode();
        ArrayNode keys = set.putArray("keys");
        bundle.roots().forEach(root -> entry(keys.addObject(), root));
        bundle.sequence().ifPresent(it -> set.put("spiffe_sequence", it));
        bundle.refreshHint().map(Duration::toSeconds).ifPresent(it -> set.put("spiffe_refresh_hint", it));
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(set);
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void entry(ObjectNode entry, X509Certificate root) {
        entry.put("use", "x509-svid");
        Jwk.of(root.getPublicKey()).forEach(entry::put);
        entry.putArray("x5c").add(Base64Text.of(X509.encoded(root)));
    }
}
