package io.beringia.scenarios.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.wire.FileCatalog;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DemoCatalogsTest {
    static Stream<Catalog> catalogs() {
        return DemoRegion.ALL.stream()
                .flatMap(region -> Stream.of(DemoCatalogs.ofHosts(region), DemoCatalogs.ofGateways(region)));
    }

    @ParameterizedTest
    @MethodSource("catalogs")
    void every_catalog_survives_its_file(Catalog catalog) {
        assertThat(FileCatalog.parse(FileCatalog.print(catalog))).isEqualTo(catalog);
    }
}
