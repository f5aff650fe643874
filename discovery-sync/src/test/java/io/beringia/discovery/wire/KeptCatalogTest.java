package io.beringia.discovery.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.PlanVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptCatalogTest {
    private final List<String> troubles = new ArrayList<>();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("catalog.yaml");
    }

    @Test
    void a_catalog_is_kept_within_half_a_minute_and_sooner_after_a_new_plan() throws Exception {
        KeptCatalog kept = KeptCatalog.open(file, troubles::add);
        assertThat(kept.patience(0)).isEqualTo(KeptCatalog.SAVE_WITHIN);

        kept.changed(catalog(1, PlanVersion.NONE), 0);
        assertThat(kept.patience(0)).isEqualTo(KeptCatalog.SAVE_WITHIN);
        kept.changed(catalog(2, new PlanVersion(1, 1)), 5);
        assertThat(kept.patience(5)).isEqualTo(KeptCatalog.SAVE_PLAN_WITHIN);
        kept.changed(catalog(3, new PlanVersion(1, 1)), 10);
        assertThat(kept.patience(10))
                .as("later changes put nothing off")
                .isEqualTo(KeptCatalog.SAVE_PLAN_WITHIN.minus(Duration.ofNanos(5)));

        kept.saveIfDue(KeptCatalog.SAVE_PLAN_WITHIN.toNanos() + 4);
        assertThat(file).doesNotExist();
        kept.saveIfDue(KeptCatalog.SAVE_PLAN_WITHIN.toNanos() + 5);
        assertThat(file).content().isEqualTo(FileCatalog.print(catalog(3, new PlanVersion(1, 1))));
        assertThat(troubles).isEmpty();
    }

    @Test
    void a_kept_catalog_of_an_older_plan_than_was_obeyed_is_told_and_not_used() throws Exception {
        Files.writeString(file, FileCatalog.print(catalog(1, new PlanVersion(1, 1))));
        KeptCatalog.open(file, troubles::add).raise(new PlanVersion(1, 2));

        KeptCatalog next = KeptCatalog.open(file, troubles::add);

        assertThat(next.load()).isEmpty();
        assertThat(next.floor()).isEqualTo(new PlanVersion(1, 2));
        assertThat(troubles).singleElement().asString().contains(file.toString(), "1.1", "1.2");
    }

    @Test
    void a_kept_catalog_without_a_floor_is_its_own_floor() throws Exception {
        Files.writeString(file, FileCatalog.print(catalog(1, new PlanVersion(4, 2))));

        assertThat(KeptCatalog.open(file, troubles::add).load()).isPresent();

        assertThat(KeptCatalog.open(file, troubles::add).floor()).isEqualTo(new PlanVersion(4, 2));
    }

    @Test
    void a_full_disk_is_told_once_and_the_plan_written_as_soon_as_it_can_be() throws Exception {
        Path missing = directory.resolve("missing");
        KeptCatalog kept = KeptCatalog.open(missing.resolve("catalog.yaml"), troubles::add);

        kept.raise(new PlanVersion(2, 1));
        kept.raise(new PlanVersion(2, 1));
        assertThat(troubles).singleElement().asString().contains("2.1", "not kept");

        Files.createDirectory(missing);
        kept.saveIfDue(0);
        assertThat(KeptCatalog.open(missing.resolve("catalog.yaml"), troubles::add)
                        .floor())
                .isEqualTo(new PlanVersion(2, 1));
    }

    private static Catalog catalog(long revision, PlanVersion plan) {
        return Catalog.of(revision, plan, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }
}
