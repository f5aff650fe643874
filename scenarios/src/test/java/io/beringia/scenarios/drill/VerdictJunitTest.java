package io.beringia.scenarios.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

final class VerdictJunitTest {
    private static final Expectation KEPT = new Expectation("failed", "= 0", "0", true);
    private static final Expectation BROKEN = new Expectation("a < \"b\" & c", "<= 2000 ms", "never", false);

    @Test
    void each_expectation_is_a_case_and_a_broken_one_a_failure() throws Exception {
        Element suite = parsed(verdict(new Tally(9, 0, 0, 0, 0, 0, 0)));
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(((Element) suite.getElementsByTagName("testcase").item(1)).getAttribute("name"))
                .isEqualTo("a < \"b\" & c");
        assertThat(((Element) suite.getElementsByTagName("failure").item(0)).getAttribute("message"))
                .isEqualTo("never (expected: <= 2000 ms)");
    }

    @Test
    void a_load_that_missed_its_schedule_is_an_error_and_no_failure() throws Exception {
        Element suite = parsed(verdict(new Tally(9, 0, 0, 0, 0, 9, 0)));
        assertThat(suite.getAttribute("failures")).isEqualTo("0");
        assertThat(((Element) suite.getElementsByTagName("error").item(0)).getAttribute("message"))
                .isEqualTo("the load missed its schedule: 9 of 9 connections started late");
    }

    @Test
    void a_drill_that_was_broken_off_says_why() throws Exception {
        Element suite =
                parsed(verdict(new Tally(9, 0, 0, 0, 0, 0, 0)).brokenOff(Verdict.Outcome.INTERRUPTED, "it did harm"));
        Element error = (Element) suite.getElementsByTagName("error").item(0);
        assertThat(error.getAttribute("type")).isEqualTo("INTERRUPTED");
        assertThat(error.getAttribute("message")).isEqualTo("it did harm");
    }

    private static Verdict verdict(Tally tally) {
        return Verdict.of("drill", tally, List.of(), List.of(), Map.of(), List.of(KEPT, BROKEN), Findings.NOTHING);
    }

    private static Element parsed(Verdict verdict) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(VerdictJunit.print(verdict))))
                .getDocumentElement();
    }
}
