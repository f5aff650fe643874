package io.beringia.scenarios.connect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of all cases, for machines. Pure. */
public final class ScoreJson {
    private ScoreJson() {}

    public static Map<String, Object> of(List<CaseResult> results) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("suite", "connect");
        json.put("score", ScoreTable.score(results));
        json.put("cases", results.stream().map(ScoreJson::one).toList());
        return json;
    }

    private static Map<String, Object> one(CaseResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", result.of().group());
        json.put("case", result.of().name());
        json.put("restsOn", result.of().restsOn());
        json.put("says", result.of().says());
        switch (result) {
            case CaseResult.Passed _ -> json.put("result", "passed");
            case CaseResult.Failed failed -> {
                json.put("result", "failed");
                json.put("why", failed.why());
            }
            case CaseResult.Skipped skipped -> {
                json.put("result", "skipped");
                json.put("why", skipped.why());
            }
        }
        return json;
    }
}
