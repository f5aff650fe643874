package io.beringia.trust.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.login.LoginException;

/**
 * A CA key on a PKCS #11 token, which it never leaves, and its certificate beside it. By the JDK's SunPKCS11. Any thread.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/25/security/pkcs11-reference-guide1.html">PKCS #11 Reference
 *     Guide</a>
 */
public final class Pkcs11Key {
    private static final String PROVIDER = "SunPKCS11";

    private final Pkcs11Uri uri;
    private final Provider provider;
    private final KeyStore objects;

    private Pkcs11Key(Pkcs11Uri uri, Provider provider, KeyStore objects) {
        this.uri = uri;
        this.provider = provider;
        this.objects = objects;
    }

    /**
     * Logs in to the token. Throws {@link IllegalArgumentException} where the library, the slot or the PIN is not what it
     * should be; each wrong PIN brings a token nearer to locking itself.
     */
    public static Pkcs11Key open(Pkcs11Uri uri) {
        try (Passphrase pin = Passphrase.read(uri.pin())) {
            Provider provider = provider(uri);
            KeyStore objects = KeyStore.getInstance("PKCS11", provider);
            objects.load(null, pin.characters());
            return new Pkcs11Key(uri, provider, objects);
        } catch (IOException e) {
            throw refused(uri, isLogin(e) ? "PIN refused (expected: the user PIN of the slot)" : "no login");
        } catch (GeneralSecurityException | ProviderException e) {
            throw refused(uri, "no token (expected: an initialised one in this slot)");
        }
    }

    private static Provider provider(Pkcs11Uri uri) {
        Provider base = Optional.ofNullable(Security.getProvider(PROVIDER))
                .orElseThrow(() -> refused(uri, "no " + PROVIDER + " (expected: a JDK with jdk.crypto.cryptoki)"));
        try {
            return base.configure(configuration(uri));
        } catch (InvalidParameterException | ProviderException e) {
            throw refused(uri, "library or slot unusable (expected: a PKCS #11 library, and a slot of it)");
        }
    }

    /** Whatever key is made here stays here: sensitive, and not to be extracted. */
    private static String configuration(Pkcs11Uri uri) {
        return """
                --name = beringia-%d
                library = %s
                slot = %d
                attributes(generate, CKO_PRIVATE_KEY, *) = {
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                }
                """.formatted(uri.slot(), uri.module(), uri.slot());
    }

    private static boolean isLogin(Throwable e) {
        return e instanceof LoginException || e.getCause() != null && isLogin(e.getCause());
    }

    /** What is on the token under our label; empty where there is no key with a certificate. */
    public Optional<X509Certificate> certificate() {
        try {
            return objects.isKeyEntry(uri.object())
                    ? Optional.ofNullable((X509Certificate) objects.getCertificate(uri.object()))
                    : Optional.empty();
        } catch (GeneralSecurityException | ProviderException e) {
            throw refused(uri, "cannot be read (expected: a token that answers)");
        }
    }

    /** The key as a signer; throws {@link IllegalArgumentException} where none of this certificate is there. */
    public CaSigner signer(X509Certificate certificate) {
        try {
            if (objects.getKey(uri.object(), null) instanceof PrivateKey key) {
                return new OnToken(certificate, uri, provider, key);
            }
        } catch (GeneralSecurityException | ProviderException e) {
            throw refused(uri, "cannot be read (expected: a token that answers)");
        }
        throw refused(uri, "no such key (expected: a private key, and its certificate under the same CKA_ID)");
    }

    /**
     * Makes a P-256 key on the token and keeps it there beside the certificate that {@code draft} makes of its public half
     * and of what signs with it. Throws {@link IllegalArgumentException} where the label is taken.
     */
    public CaSigner make(Function<UnsignedKey, X509Certificate> draft) {
        try {
            if (objects.containsAlias(uri.object())) {
                throw refused(uri, "taken (expected: no object of this label)");
            }
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", provider);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            SignatureKind kind = SignatureKind.of(pair.getPublic());
            X509Certificate certificate = draft.apply(
                    new UnsignedKey(pair.getPublic(), octets -> kind.sign(pair.getPrivate(), octets, provider)));
            objects.setKeyEntry(uri.object(), pair.getPrivate(), null, new Certificate[] {certificate});
            return signer(certificate);
        } catch (GeneralSecurityException | ProviderException e) {
            throw refused(uri, "no key made (expected: a token with room that makes P-256 keys)");
        }
    }

    private static IllegalArgumentException refused(Pkcs11Uri uri, String what) {
        return new IllegalArgumentException(uri + ": " + what);
    }

    /** Signs on the token. */
    private record OnToken(X509Certificate certificate, Pkcs11Uri uri, Provider provider, PrivateKey key)
            implements CaSigner {
        @Override
        public byte[] sign(byte[] octets) {
            try {
                return SignatureKind.of(certificate.getPublicKey()).sign(key, octets, provider);
            } catch (ProviderException gone) {
                throw new IllegalStateException(uri + ": does not sign (expected: a token that answers)", gone);
            }
        }

        @Override
        public String toString() {
            return "CaSigner[" + certificate.getSubjectX500Principal() + " on " + uri + "]";
        }
    }
}
