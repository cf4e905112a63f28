using System.Runtime.Intrinsics;

namespace DeepTricks.Kernels;

/// <summary>The products of all pairs of rows. Half of them are computed, in tiles of three rows by three that stay in registers.</summary>
internal static unsafe class GramMatrix
{
    private const int Tile = 3;

    /// <summary>Rows that each of the others is held against once it is in the first cache.</summary>
    private const int Group = 4 * Tile;

    /// <summary>Columns taken at a time, so that a group and the rows of a tile stay in the first cache.</summary>
    private const int Chunk = 512;

    /// <summary>Fills [rows, rows] with the products of the rows of a matrix [rows, columns]; the same bits for any number of threads.</summary>
    public static void Of(float* matrix, int rows, int columns, float* products)
    {
        var groups = (rows + Group - 1) / Group;

        // The first and the last group have together as many tiles as the second and the second last.
        RowParallel.Each((groups + 1) / 2, (long)rows * Group * columns, pair =>
        {
            Fill(matrix, rows, columns, products, pair * Group);
            if (groups - 1 - pair != pair)
            {
                Fill(matrix, rows, columns, products, (groups - 1 - pair) * Group);
            }
        });
        for (var i = 0; i < rows; i++)
        {
            for (var j = i + 1; j < rows; j++)
            {
                products[((long)j * rows) + i] = products[((long)i * rows) + j];
            }
        }
    }

    /// <summary>The rows of a group against all from there on.</summary>
    private static void Fill(float* matrix, int rows, int columns, float* products, int first)
    {
        var last = Math.Min(rows, first + Group);
        new Span<float>(products + ((long)first * rows), (last - first) * rows).Clear();
        for (var from = 0; from < columns; from += Chunk)
        {
            var count = Math.Min(Chunk, columns - from);
            for (var j = first; j < rows; j += Tile)
            {
                for (var i = first; i < last && i <= j; i += Tile)
                {
                    Add(matrix + from, rows, columns, count, products, i, j);
                }
            }
        }
    }

    /// <summary>Adds a chunk of columns to one tile. Rows past the last one are the last one again, and not stored.</summary>
    private static void Add(float* matrix, int rows, int columns, int count, float* products, int i, int j)
    {
        float* a0 = Row(i), a1 = Row(i + 1), a2 = Row(i + 2), b0 = Row(j), b1 = Row(j + 1), b2 = Row(j + 2);
        Vector256<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default, s20 = default, s21 = default, s22 = default;
        var k = 0;
        for (; k <= count - Vector256<float>.Count; k += Vector256<float>.Count)
        {
            Vector256<float> y0 = Vector256.Load(b0 + k), y1 = Vector256.Load(b1 + k), y2 = Vector256.Load(b2 + k);
            var x = Vector256.Load(a0 + k);
            (s00, s01, s02) = (Vector256.MultiplyAddEstimate(x, y0, s00), Vector256.MultiplyAddEstimate(x, y1, s01), Vector256.MultiplyAddEstimate(x, y2, s02));
            x = Vector256.Load(a1 + k);
            (s10, s11, s12) = (Vector256.MultiplyAddEstimate(x, y0, s10), Vector256.MultiplyAddEstimate(x, y1, s11), Vector256.MultiplyAddEstimate(x, y2, s12));
            x = Vector256.Load(a2 + k);
            (s20, s21, s22) = (Vector256.MultiplyAddEstimate(x, y0, s20), Vector256.MultiplyAddEstimate(x, y1, s21), Vector256.MultiplyAddEstimate(x, y2, s22));
        }

        var sums = stackalloc float[Tile * Tile]
        {
            Vector256.Sum(s00), Vector256.Sum(s01), Vector256.Sum(s02), Vector256.Sum(s10), Vector256.Sum(s11), Vector256.Sum(s12),
            Vector256.Sum(s20), Vector256.Sum(s21), Vector256.Sum(s22),
        };
        for (; k < count; k++)
        {
            for (var m = 0; m < Tile * Tile; m++)
            {
                sums[m] += Row(i + (m / Tile))[k] * Row(j + (m % Tile))[k];
            }
        }

        for (var m = 0; m < Tile * Tile; m++)
        {
            var (row, column) = (i + (m / Tile), j + (m % Tile));
            if (row < rows && column < rows)
            {
                products[((long)row * rows) + column] += sums[m];
            }
        }

        float* Row(int row) => matrix + ((long)Math.Min(row, rows - 1) * columns);
    }
}
