using System.Globalization;
using System.Text;
using DeepTricks.Kernels;

namespace DeepTricks.Training;

/// <summary>
/// Writes a row of figures for each epoch to a CSV file: epoch, step, learning rate, and what <see cref="Trainer.Metrics"/> holds. Each row is
/// on the disk when the epoch is over. A resumed run takes away the rows that it will write again.
/// </summary>
public sealed class CsvLog : Callback
{
    private const char Separator = ',';

    private List<string> _columns = [];

    /// <summary>Makes the callback.</summary>
    /// <param name="path">The file. A run from the start replaces it; a resumed one goes on with it.</param>
    public CsvLog(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FilePath = path;
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <inheritdoc/>
    public override void FitStart(Trainer trainer)
    {
        var rows = trainer.Step > 0 && File.Exists(FilePath) ? Read() : [];
        _columns = rows.Count > 0 ? [.. rows[0]] : [];
        // A row that a kill has cut off has no epoch, or fewer cells than the header.
        Write(rows.Where((row, index) => index == 0 || (row.Length == _columns.Count &&
            int.TryParse(row[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && epoch < trainer.Epoch)));
    }

    /// <inheritdoc/>
    public override void EpochEnd(Trainer trainer)
    {
        var figures = new Dictionary<string, string>
        {
            ["epoch"] = Text(trainer.Epoch),
            ["step"] = Text(trainer.Step),
            ["learning-rate"] = Text(trainer.LearningRate),
        };
        foreach (var (name, value) in trainer.Metrics)
            figures[name] = Text(value);

        var added = figures.Keys.Except(_columns).ToArray();
        if (added.Length > 0)
        {
            // A figure that was not there before gets a column, empty in the rows above.
            var rows = Read();
            var wasEmpty = rows.Count == 0;
            _columns.AddRange(added);
            Write(wasEmpty ? [[.. _columns]] : rows.Select((row, index) => index == 0 ? [.. _columns] : (string[])[.. row, .. added.Select(_ => "")]));
        }
        File.AppendAllText(FilePath, Line(_columns.Select(column => figures.GetValueOrDefault(column, ""))));
    }

    private List<string[]> Read() =>
        [.. File.ReadAllLines(FilePath).Where(line => line.Length > 0).Select(line => line.Split(Separator))];

    private void Write(IEnumerable<string[]> rows)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(rows.Select(Line)));
        AtomicFile.Write(FilePath, stream => stream.Write(text));
    }

    private static string Line(IEnumerable<string> cells) => string.Join(Separator, cells.Select(cell => cell.Replace(Separator, ';'))) + "\n";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
