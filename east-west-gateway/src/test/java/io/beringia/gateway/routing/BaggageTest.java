package io.beringia.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BaggageTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "k8s.cluster.name=east,k8s.namespace.name=demo,k8s.deployment.name=web,service.name=x | east | demo | web",
                "k8s.pod.name=web-0, k8s.cluster.name=east | east | '' | web-0",
                "k8s.job.name=a,k8s.pod.name=b | '' | '' | a",
                "k8s.pod.name=a=b | '' | '' | a=b",
                "k8s.pod.name= | '' | '' | ''",
                "k8s.pod.uid=1,=x,pod.name=y,k8s.cluster.name | '' | '' | ''",
                "'' | '' | '' | ''"
            })
    void says_what_its_sender_is_called(String text, String cluster, String namespace, String workload) {
        assertThat(Baggage.parse(text)).isEqualTo(new Baggage(cluster, namespace, workload));
    }

    @ParameterizedTest
    @CsvSource({"31, late", "32, ''"})
    void is_read_no_further_than_thirty_two_members(int before, String workload) {
        assertThat(Baggage.parse("a=b,".repeat(before) + "k8s.pod.name=late,rest=1")
                        .workload())
                .isEqualTo(workload);
    }
}
