package io.beringia.discovery.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class PatchRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MERGE      | {"a":"b"}                | {"a":"c"}                    | {"a":"c"}
            MERGE      | {"a":"b"}                | {"b":"c"}                    | {"a":"b","b":"c"}
            MERGE      | {"a":"b","b":"c"}        | {"a":null}                   | {"b":"c"}
            MERGE      | {"a":["b"]}              | {"a":"c"}                    | {"a":"c"}
            MERGE      | {"a":{"b":"c"}}          | {"a":{"b":"d","c":null}}     | {"a":{"b":"d"}}
            MERGE      | {"a":[{"b":"c"}]}        | {"a":[1]}                    | {"a":[1]}
            MERGE      | {"e":null}               | {"a":1}                      | {"e":null,"a":1}
            MERGE      | {}                       | {"a":{"bb":{"ccc":null}}}    | {"a":{"bb":{}}}
            STRATEGIC  | {"conditions":[{"type":"A","status":"x"},{"type":"B"}]} | {"conditions":[{"type":"A","status":"y"}]} | {"conditions":[{"type":"A","status":"y"},{"type":"B"}]}
            STRATEGIC  | {"conditions":[]}        | {"conditions":[{"type":"A"}]}| {"conditions":[{"type":"A"}]}
            STRATEGIC  | {"a":1}                  | {"$retainKeys":["a"],"b":2}  | {"a":1,"b":2}
            JSON_PATCH | {"a":{"b":1}}            | [{"op":"add","path":"/a/c","value":2}]     | {"a":{"b":1,"c":2}}
            JSON_PATCH | {"a":[1,3]}              | [{"op":"add","path":"/a/1","value":2}]     | {"a":[1,2,3]}
            JSON_PATCH | {"a":[1]}                | [{"op":"add","path":"/a/-","value":2}]     | {"a":[1,2]}
            JSON_PATCH | {"a":{"b":1}}            | [{"op":"remove","path":"/a/b"}]            | {"a":{}}
            JSON_PATCH | {"a":{"x/y":1}}          | [{"op":"replace","path":"/a/x~1y","value":2}] | {"a":{"x/y":2}}
            JSON_PATCH | {"a":1}                  | [{"op":"test","path":"/a","value":1}]      | {"a":1}
            """)
    void a_patch_changes_what_it_names_and_nothing_else(PatchRules rules, String before, String patch, String after) {
        ObjectNode object = (ObjectNode) JsonText.read(before);

        PatchRules.Result result = rules.apply(object, JsonText.read(patch));

        assertThat(result).as("the patched object").isEqualTo(new PatchRules.Result.Patched((ObjectNode)
                JsonText.read(after)));
        assertThat(object).as("the given object stays as it was").isEqualTo(JsonText.read(before));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MERGE      | [1]
            STRATEGIC  | "text"
            JSON_PATCH | [{"op":"test","path":"/a","value":2}]
            JSON_PATCH | [{"op":"remove","path":"/b"}]
            JSON_PATCH | [{"op":"replace","path":"/b","value":1}]
            JSON_PATCH | [{"op":"add","path":"/b/c","value":1}]
            JSON_PATCH | [{"op":"move","path":"/b","from":"/a"}]
            JSON_PATCH | [{"op":"add","path":"","value":1}]
            """)
    void an_unfit_patch_is_refused_with_a_reason(PatchRules rules, String patch) {
        ObjectNode object = (ObjectNode) JsonText.read("{\"a\":1}");

        PatchRules.Result result = rules.apply(object, JsonText.read(patch));

        assertThat(result).as("the verdict").isInstanceOf(PatchRules.Result.Unfit.class);
    }

    @Test
    void the_media_type_chooses_the_rules_whatever_its_parameters() {
        assertThat(PatchRules.ofMediaType("application/merge-patch+json; charset=utf-8"))
                .as("merge patch")
                .contains(PatchRules.MERGE);
        assertThat(PatchRules.ofMediaType("application/json")).as("no patch").isEmpty();
    }
}
