using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DeepTricks.Benchmarks.Measuring;

/// <summary>The results of an area: as lines, as a table and as JSON.</summary>
public sealed record AreaReport(string Area, Surroundings Surroundings, IReadOnlyList<CaseResult> Cases)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The line of a case that other programs read.</summary>
    public static string RatioLine(CaseResult result) => string.Create(CultureInfo.InvariantCulture, $"ratio {result.Name} {result.Ratio:0.000}");

    /// <summary>Medians and quartiles of both sides.</summary>
    public string Table()
    {
        string[][] rows =
        [
            ["case", "ours", "(quartiles)", "peer", "(quartiles)", "ratio", "(quartiles)", "processor"],
            .. Cases.Select(result => (string[])
            [
                result.Name, .. Cells(result.Ours, result.Unit), .. Cells(result.Peer, result.Unit),
                Ratio(result.Ratio), $"{Ratio(result.Ratios.Low)} .. {Ratio(result.Ratios.High)}", result.ProcessorRatio is { } ratio ? Ratio(ratio) : "",
            ]),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.AppendLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        return text.ToString();
    }

    public string Json() => JsonSerializer.Serialize(this, Format);

    private static string Ratio(double ratio) => ratio.ToString("0.000", CultureInfo.InvariantCulture);

    private static string[] Cells(Spread spread, SampleUnit unit) => [Amount(spread.Median, unit), $"{Amount(spread.Low, unit)} .. {Amount(spread.High, unit)}"];

    private static string Amount(double amount, SampleUnit unit) => unit == SampleUnit.Bytes
        ? string.Create(CultureInfo.InvariantCulture, $"{amount / (1 << 20):0.0} MiB")
        : Time(amount);

    private static string Time(double seconds) => seconds switch
    {
        < 1e-3 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:0.00} us"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e3:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s"),
    };
}
