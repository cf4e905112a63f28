using DeepTricks.Kernels;

namespace DeepTricks.Distillation;

/// <summary>What a shape of features means: vectors [N, C], tokens [N, T, C] or maps [N, C, H, W], and how it looks as a map.</summary>
/// <param name="Channels">C.</param>
/// <param name="Height">H; 1 for vectors, and for tokens without a grid.</param>
/// <param name="Width">W; T for tokens without a grid.</param>
/// <param name="Rank">How many dimensions the features have.</param>
/// <param name="Leading">Tokens before those of the grid, such as a class token.</param>
internal sealed record ConnectorShape(long Channels, long Height, long Width, int Rank, long Leading = 0)
{
    private const int VectorRank = 2, TokenRank = 3, MapRank = 4;

    public bool IsTokens => Rank == TokenRank;

    public bool IsVector => Rank == VectorRank;

    public long Tokens => (Height * Width) + Leading;

    public override string ToString() => IsVector ? $"[N, {Channels}]" : IsTokens ? $"[N, {Tokens}, {Channels}]" : $"[N, {Channels}, {Height}, {Width}]";

    public static ConnectorShape Of(IReadOnlyList<long> shape, string parameter)
    {
        ArgumentNullException.ThrowIfNull(shape, parameter);
        if (shape.Count is < VectorRank or > MapRank || shape.Skip(1).Any(size => size < 1))
        {
            throw new ArgumentException($"Expected the shape of vectors [N, C], tokens [N, T, C] or maps [N, C, H, W]; it is {shape.ShapeText()}.", parameter);
        }

        return shape.Count switch
        {
            VectorRank => new(shape[1], 1, 1, VectorRank),
            TokenRank => new(shape[2], 1, shape[1], TokenRank),
            _ => new(shape[1], shape[2], shape[3], MapRank),
        };
    }

    /// <summary>The shape of a map, as it was given.</summary>
    public static IReadOnlyList<long> Map(IReadOnlyList<long> shape, string parameter)
    {
        var read = Of(shape, parameter);
        return read.Rank == MapRank ? [.. shape] : throw new ArgumentException($"Expected the shape of maps [N, C, H, W]; it is {shape.ShapeText()}.", parameter);
    }

    /// <summary>Lays tokens out in a square, behind as many leading ones as were said.</summary>
    public ConnectorShape InGrid(long leading, string parameter)
    {
        if (!IsTokens)
        {
            return this;
        }

        var places = Width - leading;
        var side = (long)Math.Round(Math.Sqrt(Math.Max(places, 0)));
        return side >= 1 && side * side == places
            ? this with { Height = side, Width = side, Leading = leading }
            : throw new ArgumentException($"Expected {leading} leading tokens and a square of others beside a map; there are {Width} tokens.", parameter);
    }
}
