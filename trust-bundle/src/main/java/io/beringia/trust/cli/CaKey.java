package io.beringia.trust.cli;

import io.beringia.trust.authority.Entropy;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.Passphrase;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.Pkcs11Key;
import io.beringia.trust.pki.Pkcs11Uri;
import io.beringia.trust.pki.UnsignedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * The key of one CA, and its certificate.
 *
 * @param file where the key lies unless on a token
 */
record CaKey(Path file, Path certificate, KeyCustody custody) {

    /** Throws {@link IllegalArgumentException} where it does not open, does not fit or its certificate has ended. */
    CaSigner open(Instant now) {
        return CaFolder.signer(file, custody, certificate, now);
    }

    /**
     * True where there is one, false where there is nothing; half of it throws {@link IllegalArgumentException}. The
     * certificate of a key on a token lies there, too, and is written from it where its file is missing.
     */
    boolean exists(CaReport report) {
        if (custody instanceof KeyCustody.Token(Pkcs11Uri uri)) {
            if (!Files.exists(certificate)) {
                Optional<X509Certificate> kept = Pkcs11Key.open(uri).certificate();
                kept.ifPresent(it -> report.written(NewFile.open(certificate), Pem.write(it)));
            }
            return Files.exists(certificate);
        }
        return CaFolder.bothExist(file, certificate);
    }

    /** Makes the key, has {@code draft} make its certificate, and stores both, the key first. */
    X509Certificate make(Entropy entropy, CaReport report, Function<UnsignedKey, X509Certificate> draft) {
        X509Certificate made = switch (custody) {
            case KeyCustody.Plain plain -> inFile(entropy, report, draft, pair -> Pem.write(pair.getPrivate()));
            case KeyCustody.Encrypted(Path where) -> {
                try (Passphrase passphrase = Passphrase.read(where)) {
                    yield inFile(
                            entropy, report, draft, pair -> Pem.write(pair.getPrivate(), passphrase, entropy.random()));
                }
            }
            case KeyCustody.Token(Pkcs11Uri uri) ->
                Pkcs11Key.open(uri).make(draft).certificate();
        };
        report.written(NewFile.open(certificate), Pem.write(made));
        return made;
    }

    private X509Certificate inFile(
            Entropy entropy,
            CaReport report,
            Function<UnsignedKey, X509Certificate> draft,
            Function<KeyPair, String> text) {
        KeyPair pair = KeyPairs.p256(entropy.random());
        X509Certificate made = draft.apply(UnsignedKey.of(pair));
        report.written(NewFile.secret(file), text.apply(pair));
        return made;
    }

    void reused(CaReport report) {
        if (!(custody instanceof KeyCustody.Token)) {
            report.reused(file);
        }
        report.reused(certificate);
    }
}
