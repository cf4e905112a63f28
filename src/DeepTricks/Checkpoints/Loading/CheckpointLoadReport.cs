using System.Text;
using DeepTricks.Kernels;

namespace DeepTricks.Checkpoints;

/// <summary>What came of loading a file into a module. <see cref="ToString"/> prints it as a table.</summary>
public sealed record CheckpointLoadReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The tensors of the module that have the file's values now, under the module's names.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Tensors of the module that the file does not have.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Tensors of the file that the module does not have, under the file's names.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Tensors of another shape in the file than in the module.</summary>
    public required IReadOnlyList<CheckpointMismatch> Misshapen { get; init; }

    /// <summary>Tensors of another dtype, which <see cref="CheckpointLoadOptions.Types"/> does not let through.</summary>
    public required IReadOnlyList<CheckpointMismatch> Mistyped { get; init; }

    /// <summary>Tensors that were converted to the module's dtype.</summary>
    public required IReadOnlyList<CheckpointMismatch> Converted { get; init; }

    /// <summary>Names that are not the same in the file and in the module.</summary>
    public required IReadOnlyList<(string InFile, string InModule)> Remapped { get; init; }

    /// <summary>Names of the file that became the same name of the module.</summary>
    public required IReadOnlyList<(string InFile, string InModule)> Ambiguous { get; init; }

    /// <summary>Tensors of the module that <see cref="CheckpointLoadOptions.Skip"/> names.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    /// <summary>The report as a table: a row for each name that needs a word, and how many there are of each kind.</summary>
    public override string ToString()
    {
        var rows = new List<(string What, string Name, string Remark)>();
        rows.AddRange(Missing.Select(name => ("missing", name, "not in the file")));
        rows.AddRange(Unexpected.Select(name => ("unexpected", name, "not in the module")));
        rows.AddRange(Misshapen.Select(one => ("misshapen", one.Name, $"{one.FileShape.ShapeText()} in the file, {one.ModuleShape.ShapeText()} in the module")));
        rows.AddRange(Mistyped.Select(one => ("mistyped", one.Name, $"{one.FileType} in the file, {one.ModuleType} in the module")));
        rows.AddRange(Ambiguous.Select(pair => ("ambiguous", pair.InModule, $"another tensor of the file has this name already; this one is {pair.InFile}")));
        rows.AddRange(Converted.Select(one => ("converted", one.Name, $"{one.FileType} to {one.ModuleType}")));
        rows.AddRange(Remapped.Select(pair => ("remapped", pair.InModule, $"{pair.InFile} in the file")));
        rows.AddRange(Skipped.Select(name => ("skipped", name, "left as it was")));

        var text = new StringBuilder($"{Path}: {Loaded.Count} loaded, {Missing.Count} missing, {Unexpected.Count} unexpected, {Misshapen.Count} misshapen, "
            + $"{Mistyped.Count} mistyped, {Ambiguous.Count} ambiguous, {Converted.Count} converted, {Remapped.Count} remapped, {Skipped.Count} skipped");
        var width = rows.Select(row => row.Name.Length).DefaultIfEmpty().Max();
        foreach (var (what, name, remark) in rows)
            text.Append('\n').Append($"{what,-10}  {name.PadRight(width)}  {remark}");
        return text.ToString();
    }
}
