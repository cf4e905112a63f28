using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Printing;

/// <summary>Writes the elements of a tensor, aligned, with an ellipsis where there are more than the print options allow.</summary>
internal sealed class TensorWriter(TensorStringStyle style, string format, int lineWidth, CultureInfo culture, string newLine)
{
    private const string Ellipsis = "...";
    private readonly string _open = style == TensorStringStyle.Numpy ? "[" : "{";
    private readonly string _close = style == TensorStringStyle.Numpy ? "]" : "}";
    private readonly StringBuilder _text = new();
    private int _cellWidth;
    private int _columns;

    public string Write(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var values = tensor.detach().cpu();
        _columns = PrintColumns;
        Measure(values);
        _columns = Math.Max(2, Math.Min(_columns, lineWidth / (_cellWidth + 2)));
        if (style != TensorStringStyle.Numpy) _text.Append(tensor.ToString()).Append(values.ndim == 0 ? ", value = " : newLine);
        if (values.ndim == 0) _text.Append(Cell(values));
        else if (style == TensorStringStyle.Julia) Matrices(values, []);
        else Nested(values, 0);
        return _text.ToString();
    }

    /// <summary>The indices that are shown of a dimension; null for the ellipsis.</summary>
    private static IEnumerable<long?> Shown(long size, int most)
    {
        if (size <= most) return Enumerable.Range(0, (int)size).Select(i => (long?)i);
        var head = (most + 1) / 2;
        var tail = most - head;
        return [.. Enumerable.Range(0, head).Select(i => (long?)i), null, .. Enumerable.Range(0, tail).Select(i => (long?)(size - tail + i))];
    }

    private void Measure(Tensor tensor)
    {
        if (tensor.ndim == 0)
        {
            _cellWidth = Math.Max(_cellWidth, Cell(tensor).Length);
            return;
        }
        foreach (var index in Shown(tensor.size(0), tensor.ndim == 1 ? _columns : PrintRows))
            if (index is { } at) Measure(tensor[at]);
    }

    private void Nested(Tensor tensor, int depth)
    {
        _text.Append(_open);
        if (tensor.ndim == 1) Row(tensor, ", ");
        else
        {
            var first = true;
            foreach (var index in Shown(tensor.size(0), PrintRows))
            {
                if (!first) _text.Append(',').Append(newLine).Append(' ', depth + 1);
                first = false;
                if (index is { } at) Nested(tensor[at], depth + 1);
                else _text.Append(Ellipsis);
            }
        }
        _text.Append(_close);
    }

    /// <summary>Each matrix under the indices at which it lies.</summary>
    private void Matrices(Tensor tensor, long[] place)
    {
        if (tensor.ndim > 2)
        {
            foreach (var index in Shown(tensor.size(0), PrintRows))
                if (index is { } at) Matrices(tensor[at], [.. place, at]);
                else _text.Append(newLine).Append(Ellipsis);
            return;
        }
        if (place.Length > 0)
        {
            if (_text[^1] != newLine[^1]) _text.Append(newLine);
            _text.Append('[').AppendJoin(',', place).Append(",..,..] =").Append(newLine);
        }
        if (tensor.ndim == 1)
        {
            Row(tensor, " ");
            return;
        }
        var first = true;
        foreach (var index in Shown(tensor.size(0), PrintRows))
        {
            if (!first) _text.Append(newLine);
            first = false;
            if (index is { } at) Row(tensor[at], " ");
            else _text.Append(Ellipsis);
        }
    }

    private void Row(Tensor row, string separator) =>
        _text.AppendJoin(separator, Shown(row.size(0), _columns).Select(index => index is { } at ? Cell(row[at]).PadLeft(_cellWidth) : Ellipsis));

    private string Cell(Tensor element)
    {
        using var scalar = element.ToScalar();
        return scalar switch
        {
            { IsBoolean: true } => scalar.AsInt64 != 0 ? "true" : "false",
            { IsComplex: true } => Number(scalar.AsComplex.Real) + (scalar.AsComplex.Imaginary < 0 ? "-" : "+") + Number(Math.Abs(scalar.AsComplex.Imaginary)) + "i",
            { IsReal: true } => Number(scalar.AsDouble),
            _ => scalar.AsInt64.ToString(culture),
        };
    }

    private string Number(double value) => value.ToString(format, culture);
}
