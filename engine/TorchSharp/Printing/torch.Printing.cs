namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static TensorStringStyle _style = TensorStringStyle.Julia;

    /// <summary>The style in which <c>str</c> and <c>print</c> write tensors unless they are told another.</summary>
    public static TensorStringStyle TensorStringStyle
    {
        get => _style;
        set => _style = value != TensorStringStyle.Default ? value : throw new ArgumentException("The default style cannot be itself.", nameof(value));
    }

    internal static string PrintFormat { get; private set; } = "g5";
    internal static int PrintWidth { get; private set; } = 100;
    internal static string PrintNewLine { get; private set; } = Environment.NewLine;
    internal static int PrintRows { get; private set; } = 10;
    internal static int PrintColumns { get; private set; } = 10;

    /// <summary>Sets how tensors are written from now on; what is null stays as it is.</summary>
    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        if (style is { } given) TensorStringStyle = given;
        PrintFormat = floatFormat ?? PrintFormat;
        PrintWidth = linewidth ?? PrintWidth;
        PrintNewLine = newLine ?? PrintNewLine;
        PrintRows = maxRows ?? PrintRows;
        PrintColumns = maxColumns ?? PrintColumns;
    }

    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, (sci_mode ? "E" : "F") + precision.ToString(System.Globalization.CultureInfo.InvariantCulture), linewidth, newLine, maxRows, maxColumns);

    public partial class Tensor
    {
        public override string ToString() => IsInvalid ? "[disposed]" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        /// <summary>The elements in the default style, or shape, type and device alone.</summary>
        public string ToString(bool disamb, string? fltFormat = null, int? width = null, System.Globalization.CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine) : ToString();

        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, System.Globalization.CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = torch.TensorStringStyle;
            if (style == TensorStringStyle.Metadata || is_meta) return ToString();
            return new Printing.TensorWriter(style, fltFormat ?? PrintFormat, width ?? PrintWidth, cultureInfo ?? System.Globalization.CultureInfo.CurrentCulture, newLine ?? PrintNewLine).Write(this);
        }
    }
}
