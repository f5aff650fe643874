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
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows our newest certificate in every handshake. Any thread. The alias is the certificate's serial, so that chain and
 * key of one handshake belong together; the one before the newest is still found, for a handshake that began with it.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {
    private final Supplier<Shown> identity;

    private final AtomicReference<List<Shown>> shown = new AtomicReference<>(List.of());

    IdentityKeyManager(Credentials credentials) {
        this(() -> of(credentials.svid()));
    }

    IdentityKeyManager(Supplier<Shown> identity) {
        this.identity = identity;
    }

    private static Shown of(X509Svid svid) {
        return new Shown(svid.chain(), svid.key());
    }

    /** What a handshake shows: the leaf first. Says nothing of the key. */
    record Shown(List<X509Certificate> chain, PrivateKey key) {
        String alias() {
            return chain.getFirst().getSerialNumber().toString(16);
        }

        @Override
        public String toString() {
            return "Shown[" + alias() + "]";
        }
    }

    private String alias() {
        Shown newest = identity.get();
        shown.updateAndGet(before -> withNewest(Objects.requireNonNull(before), newest));
        return newest.alias();
    }

    private static List<Shown> withNewest(List<Shown> before, Shown newest) {
        return before.contains(newest)
                ? before
                : Stream.concat(Stream.of(newest), before.stream().limit(1)).toList();
    }

    private Optional<Shown> find(String alias) {
        return Objects.requireNonNull(shown.get()).stream()
                .filter(one -> one.alias().equals(alias))
                .findFirst();
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
                .map(one -> one.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return find(alias).map(Shown::key).orElse(null);
    }
}
