package io.beringia.trust.cli;

import io.beringia.trust.authority.Entropy;
import io.beringia.trust.authority.MakefileProfile;
import io.beringia.trust.authority.MakefileVariables;
import io.beringia.trust.authority.Profile;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.CertificateDraft;
import io.beringia.trust.pki.KeyPairs;
import io.beringia.trust.pki.ParsedCertificate;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.pki.X509;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The targets of Istio's Makefile for plug-in CAs: same files, names, modes and octets, each written before those that
 * {@code make} would make of it. What is there and fresh is kept. Owned by the command that makes it.
 *
 * @see <a href="https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/">Istio, plug in CA
 *     certificates</a>
 */
final class MakefileCa {
    private final CaFolder folder;
    private final MakefileProfile profile;
    private final Entropy entropy;
    private final CaReport report;

    MakefileCa(CaFolder folder, MakefileProfile profile, Entropy entropy, CaReport report) {
        this.folder = folder;
        this.profile = profile;
        this.entropy = entropy;
        this.report = report;
    }

    /** {@code make root-ca}. */
    X509Certificate root() {
        Path key = folder.rootKey();
        Path certificate = folder.rootCert();
        if (Files.exists(certificate)) {
            return kept(key, certificate);
        }
        KeyPair pair = keyPair(key);
        CertificateDraft draft = profile.root(pair.getPublic(), issue());
        leave("root-ca.conf", opensslConfig(profile.variables()));
        leave("root-cert.csr", draft.request(pair.getPrivate()));
        return written(certificate, draft.selfSigned(pair.getPrivate()));
    }

    /** {@code make NAME-cacerts}. */
    X509Certificate cacerts(String name) {
        X509Certificate root = root();
        X509Certificate intermediate = intermediate(name);
        Path own = folder.cluster(name);
        report.keptOrWritten(NewFile.open(own.resolve("cert-chain.pem")), List.of(intermediate, root));
        report.keptOrWritten(NewFile.open(own.resolve("root-cert.pem")), List.of(root));
        return intermediate;
    }

    /** {@code make NAMESPACE-certs}: the namespace gets an intermediate of its own. */
    X509Certificate certs(String namespace) {
        X509Certificate root = root();
        X509Certificate intermediate = intermediate(namespace);
        Path own = folder.cluster(namespace);
        X509Certificate leaf = workload(namespace, own);
        report.keptOrWritten(NewFile.open(own.resolve("workload-cert-chain.pem")), List.of(leaf, intermediate, root));
        report.keptOrWritten(NewFile.open(own.resolve("root-cert.pem")), List.of(root));
        return leaf;
    }

    private X509Certificate intermediate(String name) {
        Path own = folder.cluster(name);
        CaSigner root = CaFolder.signer(folder.rootKey(), folder.rootCert(), entropy.now());
        Path key = own.resolve("ca-key.pem");
        Path certificate = own.resolve("ca-cert.pem");
        if (Files.exists(certificate)) {
            return keptBelow(root, key, certificate);
        }
        KeyPair pair = keyPair(key);
        return written(
                certificate,
                profile.intermediate(name, pair.getPublic(), next(folder.rootCert()))
                        .signedBy(root));
    }

    private X509Certificate workload(String namespace, Path own) {
        Path signing = own.resolve("ca-cert.pem");
        CaSigner signer = CaFolder.signer(own.resolve("ca-key.pem"), signing, entropy.now());
        Path key = own.resolve("key.pem");
        Path certificate = own.resolve("workload-cert.pem");
        if (Files.exists(certificate)) {
            return keptBelow(signer, key, certificate);
        }
        KeyPair pair = keyPair(key);
        return written(
                certificate,
                profile.workload(namespace, pair.getPublic(), next(signing)).signedBy(signer));
    }

    /** A key that is there without its certificate gets one, as {@code make} would have it. */
    private KeyPair keyPair(Path file) {
        if (Files.exists(file)) {
            report.reused(file);
            return KeyPairs.rsa(PemFile.privateKey(file));
        }
        KeyPair pair = KeyPairs.rsa(MakefileProfile.KEY_BITS, entropy.random());
        report.written(NewFile.secret(file), Pem.write(pair.getPrivate()));
        return pair;
    }

    private void leave(String name, String text) {
        Path file = folder.dir().resolve(name);
        if (Files.exists(file)) {
            report.reused(file);
        } else {
            report.written(NewFile.open(file), text);
        }
    }

    private X509Certificate written(Path file, X509Certificate certificate) {
        report.written(NewFile.open(file), Pem.write(certificate));
        return certificate;
    }

    private X509Certificate keptBelow(CaSigner signer, Path key, Path certificate) {
        X509Certificate kept = kept(key, certificate);
        if (!ParsedCertificate.parse(X509.encoded(kept))
                .isSignedBy(ParsedCertificate.parse(X509.encoded(signer.certificate())))) {
            throw new IllegalArgumentException(certificate + ": of another CA (expected: signed by "
                    + signer.certificate().getSubjectX500Principal() + " in --dir)");
        }
        return kept;
    }

    private X509Certificate kept(Path key, Path certificate) {
        X509Certificate kept = CaFolder.signer(key, certificate, entropy.now()).certificate();
        report.reused(key);
        report.reused(certificate);
        return kept;
    }

    private Profile.Issue issue() {
        return new Profile.Issue(entropy.opensslSerial(), entropy.now());
    }

    /** The serials of one CA follow one another from a random one. */
    private Profile.Issue next(Path signing) {
        String name = signing.getFileName().toString().replace(".pem", ".srl");
        return new Profile.Issue(
                new SerialFile(signing.resolveSibling(name)).next(entropy::opensslSerial), entropy.now());
    }

    private static String opensslConfig(MakefileVariables variables) {
        return """
                [ req ]
                encrypt_key = no
                prompt = no
                utf8 = yes
                default_md = sha256
                default_bits = %d
                req_extensions = req_ext
                x509_extensions = req_ext
                distinguished_name = req_dn
                [ req_ext ]
                subjectKeyIdentifier = hash
                basicConstraints = critical, CA:true
                keyUsage = critical, digitalSignature, nonRepudiation, keyEncipherment, keyCertSign
                [ req_dn ]
                O = %s
                CN = %s
                """.formatted(variables.rootBits(), variables.rootOrganization(), variables.rootName());
    }
}
