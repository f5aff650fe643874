package io.beringia.trust.cli;

import io.beringia.trust.authority.PlugInCa;
import io.beringia.trust.pki.CaSigner;
import io.beringia.trust.pki.KeyCustody;
import io.beringia.trust.pki.PemFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/** The files of a root and its intermediates, named as Istio's Makefile for plug-in CAs names them. */
record CaFolder(Path dir) {
    /** A DNS label: no path, no option, no dot. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    Path rootKey() {
        return dir.resolve("root-key.pem");
    }

    Path rootCert() {
        return dir.resolve("root-cert.pem");
    }

    /** The lists of all its CAs, see {@link CrlCommand}. */
    Path revoked() {
        return dir.resolve(PlugInCa.LISTS);
    }

    Path cluster(String name) {
        return dir.resolve(checkName("name", name));
    }

    /** Throws {@link IllegalArgumentException} where {@code name} is no DNS label. */
    static String checkName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(what + ": a bad name (expected: 1 to 63 of a-z, 0-9, '-')");
        }
        return name;
    }

    /** True where both exist, false where none does; throws {@link IllegalArgumentException} where one is missing. */
    static boolean bothExist(Path key, Path certificate) {
        boolean hasKey = Files.exists(key);
        if (hasKey != Files.exists(certificate)) {
            throw new IllegalArgumentException((hasKey ? certificate : key) + ": missing (expected: " + key + " and "
                    + certificate + ", or neither)");
        }
        return hasKey;
    }

    /** Reads a plain key and its certificate, which must fit and be valid at {@code now}. */
    static CaSigner signer(Path key, Path certificate, Instant now) {
        return signer(key, KeyCustody.plain(), certificate, now);
    }

    /** The same, however the key is kept. */
    static CaSigner signer(Path key, KeyCustody custody, Path certificate, Instant now) {
        return custody.open(key, fresh(certificate, now).getFirst());
    }

    /** The certificates of a file, the first of which must be valid at {@code now}. */
    static List<X509Certificate> fresh(Path file, Instant now) {
        List<X509Certificate> read = PemFile.certificates(file);
        Instant end = read.getFirst().getNotAfter().toInstant();
        if (now.isAfter(end)) {
            throw new IllegalArgumentException(
                    file + ": expired " + end + " (expected: a valid one; move it away to make a new one)");
        }
        return read;
    }
}
