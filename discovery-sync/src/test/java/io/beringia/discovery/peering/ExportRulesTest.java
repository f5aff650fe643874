package io.beringia.discovery.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.beringia.discovery.catalog.ClusterId;
import io.beringia.discovery.catalog.ExportedAuthority;
import io.beringia.discovery.catalog.ServiceName;
import io.beringia.discovery.kube.ExportScope;
import io.beringia.discovery.kube.LocalPart;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ExportRulesTest {
    private static final Set<ClusterId> PEERS =
            Set.of(new ClusterId("us-east"), new ClusterId("us-west"), new ClusterId("witness"));

    @ParameterizedTest(name = "{0} with {1} by default {2} goes to {3}")
    @CsvSource(delimiter = '|', textBlock = """
            demo/echo                      | *             | CLUSTERSET | us-east us-west witness
            demo/echo                      | us-east       | CLUSTERSET | us-east
            demo/echo                      | us-*          | CLUSTERSET | us-east us-west
            demo/echo                      | eu-*          | CLUSTERSET | ''
            demo/echo                      | none          | CLUSTERSET | ''
            demo/echo                      | *             | NONE       | ''
            demo/echo                      | us-east       | NONE       | ''
            kube-system/dns                | *             | CLUSTERSET | ''
            default/kubernetes             | *             | CLUSTERSET | ''
            istio-system/istiod            | *             | CLUSTERSET | ''
            istio-gateways/ingress         | *             | CLUSTERSET | us-east us-west witness
            beringia-system/discovery      | *             | CLUSTERSET | ''
            beringia-system/beringia-probe | *             | CLUSTERSET | us-east us-west witness
            beringia-system/beringia-probe | none          | NONE       | us-east us-west witness
            demo/beringia-probe            | *             | NONE       | ''
            allowed-system/metrics         | us-west       | CLUSTERSET | us-west
            """)
    void a_service_goes_to_whom_default_and_annotation_both_allow(
            String service, String annotation, ExportRules.Default byDefault, String consumers) {
        ServiceName name =
                Sites.service(service.substring(0, service.indexOf('/')), service.substring(service.indexOf('/') + 1));
        ExportRules rules = new ExportRules(
                byDefault,
                Set.of("kube-system", "default", "istio-system", "beringia-system", "allowed-system"),
                Set.of("allowed-system"),
                ProbeName.DEFAULT);

        assertThat(rules.decide(offering(name, annotation), PEERS).of(name).consumers())
                .isEqualTo(clusters(consumers));
    }

    @ParameterizedTest(name = "{0} with {1} by default {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            demo/echo                      | us-*  | CLUSTERSET | PERMITTED
            demo/echo                      | eu-*  | CLUSTERSET | DENIED_BY_POLICY
            demo/echo                      | none  | CLUSTERSET | DENIED_BY_POLICY
            demo/echo                      | *     | NONE       | DENIED_BY_DEFAULT
            kube-system/dns                | *     | CLUSTERSET | DENIED_BY_DEFAULT
            beringia-system/beringia-probe | none  | NONE       | PERMITTED
            """)
    void whoever_denies_an_export_is_named(
            String service, String annotation, ExportRules.Default byDefault, ExportDecision.Verdict verdict) {
        ServiceName name =
                Sites.service(service.substring(0, service.indexOf('/')), service.substring(service.indexOf('/') + 1));
        ExportRules rules = ExportRules.of(byDefault, Set.of(), ProbeName.DEFAULT);

        assertThat(rules.decide(offering(name, annotation), PEERS).services())
                .hasEntrySatisfying(name, it -> assertThat(it.verdict()).isEqualTo(verdict));
    }

    @Test
    void gateways_are_told_the_tcp_ports_and_consumers_of_what_may_leave() {
        ServiceName hidden = Sites.service("kube-system", "hidden");
        LocalPart part = Sites.local(1, List.of(hidden, Sites.ECHO), Set.of());
        ExportDecisions decisions = ExportRules.of(ExportRules.Default.CLUSTERSET, Set.of(), ProbeName.DEFAULT)
                .decide(part, PEERS);

        assertThat(decisions.authorities(List.of(Sites.export(1, hidden, 1), Sites.export(1, Sites.ECHO, 1))))
                .containsExactly(new ExportedAuthority(Sites.ECHO, Set.of(80), PEERS, Set.of()));
        assertThat(decisions.permitted()).containsOnly(Map.entry(Sites.ECHO, PEERS));
    }

    private static LocalPart offering(ServiceName service, String annotation) {
        return Sites.local(1, List.of(), Map.of(service, ExportScope.parse(annotation)), Set.of());
    }

    private static Set<ClusterId> clusters(String names) {
        return Arrays.stream(names.split(" ", -1))
                .filter(name -> !name.isEmpty())
                .map(ClusterId::new)
                .collect(Collectors.toSet());
    }
}
