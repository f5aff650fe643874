package io.beringia.trust.federation;

import io.beringia.trust.client.DurableFile;
import io.beringia.trust.identity.SpiffeId;
import io.beringia.trust.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of the last good bundle of each foreign trust domain, as SPIFFE documents {@code <trust domain>.last-good.json}. Any
 * thread, one per domain; each file changes whole or not at all.
 *
 * @param dir private to its owner once it is made
 */
public record LastGoodBundles(Path dir) {
    private static final String SUFFIX = ".last-good.json";

    /** Empty where there is none. Throws {@link IllegalArgumentException} where something else lies there. */
    public Optional<BundleDocument> read(TrustDomain trustDomain) throws IOException {
        Path file = file(trustDomain);
        try {
            return Optional.of(BundleDocument.parse(trustDomain, Files.readAllBytes(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IllegalArgumentException other) {
            throw new IllegalArgumentException(file + ": " + other.getMessage(), other);
        }
    }

    /** Since when it lies there: what was last taken. Empty where there is none. */
    public Optional<Instant> written(TrustDomain trustDomain) throws IOException {
        Path file = file(trustDomain);
        return Files.exists(file) ? Optional.of(Files.getLastModifiedTime(file).toInstant()) : Optional.empty();
    }

    /** Every trust domain of which there is one, in order. */
    public List<TrustDomain> domains() throws IOException {
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(SUFFIX) && !name.startsWith(".new-"))
                    .flatMap(name -> SpiffeId.tryParse("spiffe://" + name.substring(0, name.length() - SUFFIX.length()))
                            .map(SpiffeId::trustDomain)
                            .stream())
                    .sorted()
                    .toList();
        }
    }

    /** On disk when this returns. */
    void write(BundleDocument bundle) throws IOException {
        DurableFile.write(file(bundle.trustDomain()), bundle.json());
    }

    /** Forgets one; true where there was one. */
    public boolean forget(TrustDomain trustDomain) throws IOException {
        boolean wasThere = Files.deleteIfExists(file(trustDomain));
        if (wasThere) {
            DurableFile.sync(dir);
        }
        return wasThere;
    }

    /** Forgets all but these. */
    void keep(Set<TrustDomain> named) throws IOException {
        for (TrustDomain domain : domains()) {
            if (!named.contains(domain)) {
                forget(domain);
            }
        }
    }

    /** When a bundle was last written or forgotten; the epoch where there never was one. */
    Instant changed() throws IOException {
        return Files.isDirectory(dir) ? Files.getLastModifiedTime(dir).toInstant() : Instant.EPOCH;
    }

    private Path file(TrustDomain trustDomain) {
        return dir.resolve(trustDomain + SUFFIX);
    }
}
