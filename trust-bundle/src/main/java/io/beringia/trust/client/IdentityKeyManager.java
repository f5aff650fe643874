package io.beringia.trust.client;

import io.beringia.trust.identity.Credentials;
import io.beringia.trust.identity.X509Svid;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Shows our newest SVID in every handshake. Any thread. The alias is the certificate's serial, so that chain and key
 * of one handshake belong together; an alias of yesterday finds nothing and the handshake fails.
 */
final class IdentityKeyManager extends X509ExtendedKeyManager {
    private final Credentials credentials;

    IdentityKeyManager(Credentials credentials) {
        this.credentials = credentials;
    }

    private String alias() {
        return aliasOf(credentials.svid());
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
        X509Svid svid = credentials.svid();
        return aliasOf(svid).equals(alias) ? svid.chain().toArray(X509Certificate[]::new) : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509Svid svid = credentials.svid();
        return aliasOf(svid).equals(alias) ? svid.key() : null;
    }
}
