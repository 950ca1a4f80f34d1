"""Why a file or a specification is not accepted: what, where, what to do."""

from typing import Final

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "file_missing": (
        "There is no file at {path}; check the path.",
        "{path} 处没有文件，请检查路径。",
    ),
    "file_is_folder": (
        "{path} is a folder, not a file; name the file itself.",
        "{path} 是文件夹而不是文件，请写出文件本身。",
    ),
    "file_unreadable": (
        "{path} cannot be read ({detail}); check its permissions.",
        "无法读取 {path}（{detail}），请检查其权限。",
    ),
    "file_not_writable": (
        "{path} cannot be written ({detail}); choose another place.",
        "无法写入 {path}（{detail}），请换一个位置。",
    ),
    "file_empty": (
        "{path} is empty; it needs a header row and at least one row of answers.",
        "{path} 是空文件；需要一个标题行和至少一行作答。",
    ),
    "file_header_only": (
        "{path} has a header row but no answers below it.",
        "{path} 只有标题行，下面没有作答。",
    ),
    "file_binary": (
        "{path} is not a text file (it has zero bytes, as workbooks and images do); "
        "save the table as CSV.",
        "{path} 不是文本文件（含有零字节，例如工作簿或图片）；请把表格另存为 CSV。",
    ),
    "file_encoding": (
        "{path} could not be read as text; tried {tried}. Save it as UTF-8.",
        "无法将 {path} 读作文本；已尝试 {tried}。请另存为 UTF-8。",
    ),
    "file_quotes": (
        "{path}, line {line}: the fields cannot be told apart ({detail}); check the "
        "quotation marks.",
        "{path} 第 {line} 行：无法分辨各字段（{detail}）；请检查引号。",
    ),
    "header_twice": (
        "{path}: the header names these columns more than once: {columns}. Each "
        "column needs a name of its own.",
        "{path}：标题行中有重复的列名：{columns}。每一列需要自己的名称。",
    ),
    "row_length": (
        "{path}, line {line}: {got} fields where the header has {expected}; check "
        "this line for missing or extra separators.",
        "{path} 第 {line} 行：有 {got} 个字段，而标题行有 {expected} 个；"
        "请检查此行是否缺少或多出分隔符。",
    ),
    "column_missing": (
        "The column {column} ({use}) is not in the file; the file has {columns}.",
        "文件中没有列 {column}（{use}）；文件中有 {columns}。",
    ),
    "column_missing_close": (
        "The column {column} ({use}) is not in the file; did you mean {close}? "
        "The file has {columns}.",
        "文件中没有列 {column}（{use}）；是否指 {close}？文件中有 {columns}。",
    ),
    "value_not_number": (
        "Line {line}, column {column}: {value} is not a number; leave the field "
        "empty or write NA for a missing answer.",
        "第 {line} 行，列 {column}：{value} 不是数字；缺失作答请留空或写 NA。",
    ),
    "value_decimal": (
        "Line {line}, column {column}: {value} is not a whole number; answers are "
        "whole numbers from {low} to {high}.",
        "第 {line} 行，列 {column}：{value} 不是整数；作答应为 {low} 到 {high} 的整数。",
    ),
    "value_range": (
        "Line {line}, column {column}: {value} is outside {low} to {high}; correct "
        "the value or the points of its scale.",
        "第 {line} 行，列 {column}：{value} 超出 {low} 到 {high}；"
        "请更正该值或该量表的 points。",
    ),
    "weight_not_number": (
        "Line {line}, column {column}: the weight {value} is not a number; leave the "
        "field empty or write NA where a person has none, and the row is left out.",
        "第 {line} 行，列 {column}：权重 {value} 不是数字；"
        "没有权重的人请留空或写 NA，该行将不计入。",
    ),
    "weight_not_positive": (
        "Line {line}, column {column}: the weight {value} must be above zero, and "
        "neither below 1e-12 nor above 1e12; leave people out who count nothing.",
        "第 {line} 行，列 {column}：权重 {value} 必须大于零，且不小于 1e-12、不大于 1e12；"
        "不计入的人请不要列入。",
    ),
    "sampling_nobody": (
        "None of the {n} rows has a value in {columns}, so nobody is left to analyse; "
        "fill in the columns or take them out of the specification.",
        "{n} 行在 {columns} 中都没有值，因此没有可分析的人；"
        "请填写这些列，或从分析说明中去掉它们。",
    ),
    "sampling_one_cluster": (
        "Every row has the same value in {column}; errors that allow for teams need 2 "
        "teams at least. Take clusters out of the specification, or name another "
        "column.",
        "所有行在 {column} 中的值相同；考虑团队的标准误至少需要 2 个团队。"
        "请从分析说明中去掉 clusters，或换一列。",
    ),
    "sampling_estimator": (
        "The estimator {estimator} takes people as independent and equally weighted; "
        "with clusters or weights the factor model is fitted by MLR. Write rule or "
        "MLR, or take clusters and weights out.",
        "估计方法 {estimator} 把人当作彼此独立、权重相同；有 clusters 或 weights 时，"
        "因子模型用 MLR 估计。请写 rule 或 MLR，或去掉 clusters 和 weights。",
    ),
    "no_rows_where": (
        "No row is left after the filter {condition}; the {n} rows have other values "
        "there, such as {seen}.",
        "按 {condition} 筛选后没有剩下任何行；{n} 行中该处为其他值，例如 {seen}。",
    ),
    "spec_yaml": (
        "{path}, line {line}, column {column}: not valid YAML ({problem}).",
        "{path} 第 {line} 行第 {column} 列：不是有效的 YAML（{problem}）。",
    ),
    "spec_key_twice": (
        "{path}, line {line}: the key {key} stands twice in the same place; keep one.",
        "{path} 第 {line} 行：键 {key} 在同一处出现两次；请保留一个。",
    ),
    "spec_empty": (
        "{path} is empty; a specification needs at least 'scales'.",
        "{path} 是空的；分析说明至少需要 scales。",
    ),
    "spec_not_mapping": (
        "{place} must be a list of 'key: value' lines.",
        "{place} 必须由“键: 值”组成。",
    ),
    "spec_not_list": (
        "{place} must be a list such as [A, B].",
        "{place} 必须是列表，例如 [A, B]。",
    ),
    "spec_not_word": (
        "{place} must be a single value.",
        "{place} 必须是单个值。",
    ),
    "spec_unknown_key": (
        "{place} does not know {key}; it knows {known}.",
        "{place} 不认识 {key}；可用的有 {known}。",
    ),
    "spec_unknown_key_close": (
        "{place} does not know {key}; did you mean {close}?",
        "{place} 不认识 {key}；是否指 {close}？",
    ),
    "spec_no_scales": (
        "The specification names no scale; it needs 'scales' with at least one.",
        "分析说明没有写任何量表；scales 下至少需要一个。",
    ),
    "form_no_scales": (
        "This form asks no scale of trust, so there is nothing to analyse; its answers "
        "can be downloaded.",
        "本问卷没有信任量表，因此没有可分析的内容；作答数据可以下载。",
    ),
    "spec_no_items": (
        "The scale {scale} names no items; it needs 'items' with at least one column.",
        "量表 {scale} 没有题目；items 下至少需要一列。",
    ),
    "spec_whole_number": (
        "{place} must be a whole number of {least} or more, not {value}.",
        "{place} 必须是不小于 {least} 的整数，而不是 {value}。",
    ),
    "spec_points_shape": (
        "{place} must be two whole numbers, lowest and highest answer, such as [1, 7].",
        "{place} 必须是两个整数，即最低和最高作答，例如 [1, 7]。",
    ),
    "spec_points_order": (
        "{place} is [{low}, {high}]: the lowest answer must come first and be smaller.",
        "{place} 为 [{low}, {high}]：最低作答应在前，且应更小。",
    ),
    "spec_points_span": (
        "{place} is [{low}, {high}]: a scale may have {most} points at most.",
        "{place} 为 [{low}, {high}]：一个量表最多 {most} 个点。",
    ),
    "spec_choice": (
        "{place} is {value}; it may be {choices}.",
        "{place} 为 {value}；可以是 {choices}。",
    ),
    "spec_item_twice": (
        "The item {item} stands twice in the scale {scale}; name it once.",
        "题目 {item} 在量表 {scale} 中出现两次；请只写一次。",
    ),
    "spec_item_shared": (
        "The item {item} stands in {first} and in {second}; an item belongs to one "
        "scale.",
        "题目 {item} 同时出现在 {first} 和 {second} 中；一个题目只属于一个量表。",
    ),
    "spec_column_is_item": (
        "{key} is {column}, which is an item of {scale}; teams and weights need a "
        "column of their own.",
        "{key} 为 {column}，而它是 {scale} 的题目；团队和权重需要各自的列。",
    ),
    "spec_column_twice": (
        "clusters and weights are both {column}; a column holds teams or weights.",
        "clusters 和 weights 都是 {column}；一列只能是团队或权重。",
    ),
    "spec_scale_twice": (
        "{scale} is named as a scale and as an outcome; use two codes.",
        "{scale} 既是量表又是结果；请使用两个代码。",
    ),
    "spec_scale_code": (
        "The scale code {scale} contains '~~', which separates pairs in the result; "
        "choose another code.",
        "量表代码 {scale} 含有“~~”，它在结果中用于分隔一对量表；请换一个代码。",
    ),
    "spec_reverse_unknown": (
        "The scale {scale} reverses {item}, which is not among its items ({items}).",
        "量表 {scale} 反向计分的 {item} 不在其题目（{items}）之中。",
    ),
    "spec_too_many_factors": (
        "n_factors is {n_factors}, but the {n_items} items of the scales allow "
        "{most} at most.",
        "n_factors 为 {n_factors}，但量表的 {n_items} 个题目最多允许 {most} 个。",
    ),
    "spec_text": (
        "{place} must be one name, or a name in each of 'en' and 'zh-hans'.",
        "{place} 必须是一个名称，或分别写出 en 与 zh-hans 的名称。",
    ),
    # an analysis of a wave that met an error of ours
    "analysis_stopped": (
        "The analysis stopped unexpectedly. Start it again; if it stops again, tell "
        "whoever runs this site.",
        "分析意外中止。请重新开始；如果再次中止，请告知本站的运营者。",
    ),
}
