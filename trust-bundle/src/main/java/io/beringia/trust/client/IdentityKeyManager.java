package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.X509Svid;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows our newest SVID in every handshake. Any thread. The alias is the certificate's serial, so that chain and key
 * of one handshake belong together; the SVID before the newest is still found, for a handshake that began with it.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {
    private final Credentials credentials;

    private final AtomicReference<List<X509Svid>> shown = new AtomicReference<>(List.of());

    IdentityKeyManager(Credentials credentials) {
        this.credentials = credentials;
    }

    private String alias() {
        X509Svid newest = credentials.svid();
        shown.updateAndGet(before -> withNewest(Objects.requireNonNull(before), newest));
        return aliasOf(newest);
    }

    private static List<X509Svid> withNewest(List<X509Svid> before, X509Svid newest) {
        return before.contains(newest)
                ? before
                : Stream.concat(Stream.of(newest), before.stream().limit(1)).toList();
    }

    private Optional<X509Svid> find(String alias) {
        return Objects.requireNonNull(shown.get()).stream()
                .filter(svid -> aliasOf(svid).equals(alias))
                .findFirst();
    }

    private static String aliasOf(X509Svid svid) {
        return svid.leaf().getSerialNumber().toString(16);
    }

    @Override
    public String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return alias();
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {alias()};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {alias()};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return find(alias)
                .map(svid -> svid.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return find(alias).map(X509Svid::key).orElse(null);
    }
}
