package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a client of discovery keeps over restarts: the last good catalog, now and then, and beside it the greatest plan,
 * always before anybody acts on it. Owned by the client's thread.
 */
final class KeptCatalog {
    /** What may be lost of the kept catalog by a crash; a rewrite of it is not free. */
    static final Duration SAVE_WITHIN = Duration.ofSeconds(30);

    /** A catalog of an older plan is of no use after a crash; time enough for the other types of the same change. */
    static final Duration SAVE_PLAN_WITHIN = Duration.ofSeconds(1);

    private final Path file;
    private final PlanFloor floor;
    private final Consumer<String> trouble;
    private String lastTrouble = "";
    private Catalog saved = Catalog.EMPTY;
    private Catalog latest = Catalog.EMPTY;
    private long dueNanos;

    private KeptCatalog(Path file, PlanFloor floor, Consumer<String> trouble) {
        this.file = file;
        this.floor = floor;
        this.trouble = trouble;
    }

    /**
     * Nothing is read of the catalog yet.
     *
     * @param trouble hears what cannot be read or written, once
     * @throws UncheckedIOException if nobody can say any more which plan was obeyed last
     */
    static KeptCatalog open(Path file, Consumer<String> trouble) {
        try {
            return new KeptCatalog(file, PlanFloor.open(file.resolveSibling(file.getFileName() + ".plan")), trouble);
        } catch (IOException unknowable) {
            throw new UncheckedIOException(unknowable.getMessage(), unknowable);
        }
    }

    /** Everything below is refused. */
    PlanVersion floor() {
        return floor.version();
    }

    /** The catalog of an earlier life, unless it is missing, unreadable, or rests on an older plan than was obeyed. */
    Optional<Catalog> load() {
        try {
            return Files.exists(file) ? usable(FileCatalog.parse(Files.readString(file))) : Optional.empty();
        } catch (IOException | IllegalArgumentException unreadable) {
            tell(file + ": " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Catalog> usable(Catalog catalog) {
        if (catalog.plan().compareTo(floor.version()) < 0) {
            tell(file + ": rests on plan " + catalog.plan() + " (expected: " + floor.version()
                    + ", which was obeyed); not used");
            return Optional.empty();
        }
        raise(catalog.plan());
        saved = catalog;
        latest = catalog;
        return Optional.of(catalog);
    }

    /** Returns once a restart would refuse an older plan. A full disk stops nothing: it is told, and tried again. */
    void raise(PlanVersion plan) {
        try {
            floor.raise(plan);
        } catch (IOException full) {
            tell("plan " + floor.version() + " is not kept: " + full);
        }
    }

    /** There is a newer catalog now. */
    void changed(Catalog catalog, long nowNanos) {
        Duration within = catalog.plan().compareTo(saved.plan()) > 0 ? SAVE_PLAN_WITHIN : SAVE_WITHIN;
        long due = nowNanos + within.toNanos();
        dueNanos = isPending() && dueNanos - due < 0 ? dueNanos : due;
        latest = catalog;
    }

    /** How long one may wait before the next {@link #saveIfDue}. */
    Duration patience(long nowNanos) {
        return isPending() ? Duration.ofNanos(Math.max(0, dueNanos - nowNanos)) : SAVE_WITHIN;
    }

    void saveIfDue(long nowNanos) {
        raise(floor.version());
        if (isPending() && dueNanos - nowNanos <= 0) {
            save();
        }
    }

    /** Whatever is newer than the file. A failure is told and tried again after the next change. */
    void save() {
        if (isPending()) {
            try {
                DurableFile.replace(file, FileCatalog.print(latest).getBytes(StandardCharsets.UTF_8));
            } catch (IOException unwritable) {
                tell(file + ": " + unwritable);
            }
            saved = latest;
        }
    }

    private boolean isPending() {
        return latest.revision() > saved.revision();
    }

    private void tell(String what) {
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            trouble.accept(what);
        }
    }
}
