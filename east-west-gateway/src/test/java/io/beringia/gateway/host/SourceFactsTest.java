package io.beringia.gateway.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.Catalog;
import io.beringia.discovery.catalog.IpAddress;
import io.beringia.discovery.catalog.PlanVersion;
import io.beringia.discovery.catalog.Workload;
import io.beringia.gateway.routing.Baggage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SourceFactsTest {
    private static final Baggage TOLD = new Baggage("east-1", "demo", "far");
    private static final Map.Entry<String, String> BAGGAGE =
            Map.entry("baggage", "k8s.cluster.name=east-1,k8s.namespace.name=demo,k8s.pod.name=far");

    private final HostLab lab = new HostLab();
    private final Workload self = lab.echo("echo", 2).build();
    private final Workload near = lab.workload("shop", "near", 3).build();
    private final Catalog catalog =
            Catalog.of(1, PlanVersion.NONE, List.of(self, near), List.of(), List.of(), List.of(), List.of(), List.of());

    private SourceFacts facts(int source, List<Map.Entry<String, String>> fields) {
        return SourceFacts.of(catalog, Optional.of(self), IpAddress.parse(lab.ip(source)), fields);
    }

    @ParameterizedTest
    @CsvSource({"3, none, true", "3, west, true", "3, WEST, true", "3, east, false", "4, none, false", "4, west, false"
    })
    void whoever_is_of_our_network_is_known_by_its_address_and_all_others_by_their_baggage(
            int source, String network, boolean known) {
        List<Map.Entry<String, String>> fields =
                network.equals("none") ? List.of(BAGGAGE) : List.of(BAGGAGE, Map.entry("x-forwarded-network", network));
        assertThat(facts(source, fields).caller()).isEqualTo(known ? new Baggage("west-1", "shop", "near") : TOLD);
    }

    @Test
    void while_we_do_not_know_ourselves_only_baggage_tells() {
        assertThat(SourceFacts.of(Catalog.EMPTY, Optional.empty(), IpAddress.parse(lab.ip(3)), List.of(BAGGAGE))
                        .caller())
                .isEqualTo(TOLD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=\"10.0.0.1:4711\";host=echo.demo.svc | echo.demo.svc",
                "host=\"echo.demo.svc\";for=1 | echo.demo.svc",
                "for=1; Host=echo | echo",
                "for=\"10.0.0.1:4711\" | ''",
                "'' | ''"
            })
    void the_service_is_what_forwarded_says(String forwarded, String service) {
        assertThat(facts(3, List.of(Map.entry("forwarded", forwarded))).service())
                .isEqualTo(service);
    }
}
