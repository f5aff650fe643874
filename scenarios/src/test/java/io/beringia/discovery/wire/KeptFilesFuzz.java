package io.beringia.discovery.wire;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.scenarios.fuzz.Choices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The two files that a client of discovery keeps over restarts, as a broken disk leaves them: the plan that was obeyed last
 * is known exactly or not at all, and a kept catalog never rests on an older one.
 */
public final class KeptFilesFuzz {
    private static final PlanVersion OBEYED = new PlanVersion(7, 3);

    private KeptFilesFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Path folder = Files.createTempDirectory("kept");
        Path catalog = folder.resolve("catalog.yaml");
        Path plan = folder.resolve("catalog.yaml.plan");
        try {
            play(new Choices(input), catalog, plan);
        } finally {
            Files.deleteIfExists(catalog);
            Files.deleteIfExists(plan);
            Files.delete(folder);
        }
    }

    private static void play(Choices choices, Path catalog, Path plan) throws IOException {
        PlanFloor.open(plan).raise(OBEYED);
        byte[] good = Files.readAllBytes(plan);
        byte[] bytes = choices.oneIn(2) ? choices.bent(good) : good;
        Files.write(plan, bytes);
        Files.write(catalog, choices.rest());
        try {
            KeptCatalog kept = KeptCatalog.open(catalog, trouble -> {});
            require(Arrays.equals(bytes, good) == kept.floor().equals(OBEYED), "floor: " + kept.floor());
            kept.load().ifPresent(loaded -> requireWhole(loaded, kept.floor()));
        } catch (UncheckedIOException damaged) {
            require(!Arrays.equals(bytes, good), "damaged: " + damaged.getMessage());
        }
    }

    private static void requireWhole(Catalog catalog, PlanVersion floor) {
        require(catalog.plan().compareTo(floor) >= 0, "catalog: of plan " + catalog.plan() + ", below " + floor);
        Catalog again = FileCatalog.parse(FileCatalog.print(catalog));
        require(
                again.equals(catalog),
                "printed: " + FileCatalog.print(again) + " (expected: " + FileCatalog.print(catalog));
    }

    private static void require(boolean met, String otherwise) {
        if (!met) {
            throw new IllegalStateException(otherwise);
        }
    }
}
