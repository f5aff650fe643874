package io.beringia.scenarios.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Every case of the suite against our own gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConnectSuiteTest {
    private static final int CASES_MIN = 60;

    private final GatewayUnderTest gateway = new GatewayUnderTest();
    private final ConnectSuite suite = ConnectSuite.against(gateway.target());

    ConnectSuiteTest() throws IOException {}

    @BeforeAll
    void starts() {
        gateway.start();
    }

    @AfterAll
    void ends() throws Exception {
        suite.close();
        gateway.close();
    }

    @Test
    void has_names_of_its_own_for_enough_cases() {
        List<SuiteCase> cases = ConnectSuite.cases();
        assertThat(cases).extracting(SuiteCase::name).doesNotHaveDuplicates();
        assertThat(cases.stream()
                        .map(one -> one.name().replaceFirst("\\[.*", ""))
                        .distinct())
                .hasSizeGreaterThanOrEqualTo(CASES_MIN);
    }

    @TestFactory
    Stream<DynamicNode> our_gateway_passes() {
        return ConnectSuite.cases().stream()
                .collect(Collectors.groupingBy(SuiteCase::group, java.util.LinkedHashMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(group -> dynamicContainer(
                        group.getKey(),
                        group.getValue().stream().map(one -> dynamicTest(one.name(), () -> passes(one)))));
    }

    private void passes(SuiteCase one) {
        assertThat(suite.play(one)).as(one.restsOn() + ": " + one.says()).isEqualTo(new CaseResult.Passed(one));
    }
}
