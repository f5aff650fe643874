package io.beringia.trust.rotator;

import io.beringia.trust.authority.Authority;
import io.beringia.trust.authority.CaFiles;
import io.beringia.trust.client.DurableFile;
import io.beringia.trust.pki.Pem;
import io.beringia.trust.pki.PemFile;
import io.beringia.trust.rotation.RootId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The intermediates of our cluster by the roots above them. While a root changes both lie in folders of the store, named
 * after their roots, their keys as they were made, under a passphrase or plain; otherwise there is the cluster's own alone. Each thing here may be done again after a crash. One
 * thread changes files.
 *
 * @param store private folder of the rotation
 * @param own the cluster's own files, from which every other tool reads
 */
record Intermediates(Path store, CaFiles own) {
    private static final String CHAIN = "cert-chain.pem";

    /** Named after a root. */
    private static final Pattern FOLDER = Pattern.compile("[0-9a-f]{64}");

    /** Under {@code root}. Throws {@link IllegalArgumentException} where there is none that fits together. */
    Authority open(RootId root, InstantSource clock) {
        CaFiles files = isKept(root) ? kept(root) : own;
        Authority authority = files.open(clock);
        if (!Roots.id(authority.root()).equals(root)) {
            throw new IllegalArgumentException("rotation: " + files.certificate() + " is under root "
                    + Roots.id(authority.root()) + " (expected: under " + root + ", where the rotation stands)");
        }
        return authority;
    }

    boolean isKept(RootId root) {
        return Files.exists(kept(root).roots());
    }

    /** The root itself; one that is kept. */
    X509Certificate root(RootId root) {
        return kept(root).allRoots().getFirst();
    }

    /** A copy of {@code from}, which is under {@code root}. The root comes last: it says that the copy is whole. */
    void keep(RootId root, CaFiles from, InstantSource clock) throws IOException {
        copy(from, from.open(clock), kept(root));
    }

    private static void copy(CaFiles from, Authority authority, CaFiles to) throws IOException {
        copyKey(from, to);
        write(to.certificate(), Pem.write(authority.certificate()));
        write(to.roots(), Pem.write(authority.root()));
    }

    /** The one that takes the place of the cluster's own, under the same root. */
    CaFiles swapped() {
        return in(store.resolve("swap"));
    }

    private boolean isSwapped() {
        return Files.exists(swapped().roots());
    }

    /** From here on {@code next} is who signs, and {@link #finishSwap} makes it the cluster's own. */
    void keepSwapped(CaFiles next, InstantSource clock) throws IOException {
        copy(next, next.open(clock), swapped());
    }

    /** Nothing is left but the cluster's own files, whatever a crash left of a swap. */
    void finishSwap() throws IOException {
        if (isSwapped()) {
            promote(swapped());
        }
        delete(store.resolve("swap"));
    }

    /** Only these roots lie where everybody finds ours, and where they are published from; true where that was otherwise. */
    boolean publish(List<RootId> roots) throws IOException {
        if (Roots.ids(own.allRoots()).equals(Set.copyOf(roots))) {
            return false;
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (RootId root : roots) {
            certificates.add(root(root));
        }
        write(own.roots(), Pem.write(certificates));
        return true;
    }

    /** The cluster's own files are from here on those under {@code root}; what they were is overwritten. */
    void promote(RootId root) throws IOException {
        promote(kept(root));
    }

    private void promote(CaFiles from) throws IOException {
        X509Certificate certificate = PemFile.certificates(from.certificate()).getFirst();
        if (!certificate.equals(PemFile.certificates(own.certificate()).getFirst())) {
            copyKey(from, own);
            Path chain = own.certificate().resolveSibling(CHAIN);
            if (Files.exists(chain)) {
                write(
                        chain,
                        Pem.write(chain(
                                PemFile.certificates(chain).size(),
                                certificate,
                                from.allRoots().getFirst())));
            }
            write(own.certificate(), Pem.write(certificate));
        }
    }

    private static List<X509Certificate> chain(int length, X509Certificate certificate, X509Certificate root) {
        return length > 1 ? List.of(certificate, root) : List.of(certificate);
    }

    /** No copy is left, and no key but the cluster's own. */
    void forget() throws IOException {
        for (Path folder : copies()) {
            delete(folder);
        }
    }

    /** The root first: without it the rest is no intermediate. */
    private void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            Files.deleteIfExists(CaFiles.in(folder).roots());
            DurableFile.sync(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            DurableFile.sync(store);
        }
    }

    private List<Path> copies() throws IOException {
        if (!Files.isDirectory(store)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(store)) {
            return all.filter(one ->
                            FOLDER.matcher(String.valueOf(one.getFileName())).matches())
                    .toList();
        }
    }

    CaFiles kept(RootId root) {
        return in(store.resolve(root.sha256()));
    }

    /** An intermediate of our cluster that lies in {@code folder}: its key is kept as the one that signs. */
    CaFiles in(Path folder) {
        return CaFiles.in(folder).with(own.custody());
    }

    private static void copyKey(CaFiles from, CaFiles to) throws IOException {
        byte[] key = Files.readAllBytes(from.key());
        try {
            DurableFile.write(to.key(), key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static void write(Path file, String pem) throws IOException {
        DurableFile.writeOpen(file, pem.getBytes(StandardCharsets.US_ASCII));
    }
}
