package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class RequirementTest {
    private static final LabObject POD =
            new LabObject(new ObjectKey(LabKind.POD, "shop", "cart-1"), 7, (ObjectNode) JsonText.readYaml("""
                    metadata: {name: cart-1, namespace: shop, labels: {app: cart, tier: back, istio.io/global: "true"}}
                    spec: {nodeName: node-1}
                    status: {phase: Running}
                    """));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            app=cart                      | true
            app==cart                     | true
            app = web                     | false
            app!=web                      | true
            missing!=web                  | true
            app!=cart                     | false
            app                           | true
            missing                       | false
            !missing                      | true
            !app                          | false
            app in (cart, web)            | true
            app in (web)                  | false
            missing in (web)              | false
            app notin (web,x)             | true
            missing notin (web)           | true
            istio.io/global=true          | true
            app in (cart,web),tier=back   | true
            app=cart,tier=front           | false
            """)
    void a_label_selector_chooses_as_kubernetes_does(String selector, boolean chosen) {
        assertThat(Requirement.ofLabels(selector).isMetBy(POD)).as(selector).isEqualTo(chosen);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            status.phase!=Failed                     | true
            status.phase=Failed                      | false
            metadata.name=cart-1                     | true
            metadata.name=cart-1,spec.nodeName=other | false
            metadata.namespace==shop                 | true
            """)
    void a_field_selector_chooses_by_the_fields_of_the_object(String selector, boolean chosen) {
        assertThat(Requirement.ofFields(selector).isMetBy(POD)).as(selector).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec.serviceAccountName=x", "metadata.name", "a=b=c"})
    void an_unknown_field_is_refused_by_name(String selector) {
        assertThatThrownBy(() -> Requirement.ofFields(selector))
                .as(selector)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(selector);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=b=c", "app in cart", "=", "a b"})
    void an_unreadable_label_selector_is_refused_by_text(String selector) {
        assertThatThrownBy(() -> Requirement.ofLabels(selector))
                .as(selector)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label selector");
    }
}
