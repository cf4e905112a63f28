using DeepTricks.Backbones;
using DeepTricks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace DeepTricks.Distillation;

/// <summary>Makes modules that bring a student's features to a teacher's shape: channels, height, width, and the number of tokens. They learn with the student.</summary>
public static class Connector
{
    /// <summary>A connector between two shapes.</summary>
    /// <param name="studentShape">The shape of the student's features: vectors [N, C], tokens [N, T, C] or maps [N, C, H, W]; N does not matter.</param>
    /// <param name="teacherShape">The shape of the teacher's, of the same kind or another.</param>
    /// <param name="options">What it is made of; <see cref="ConnectorOptions.Projection"/> where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <returns>From the student's features to features of the teacher's shape.</returns>
    /// <remarks>
    /// Between tokens their number is changed along their order. Beside a map, tokens are a square in the order of rows, behind
    /// <see cref="ConnectorOptions.LeadingTokens"/> others: those are dropped on the way to a map, and are the map's mean on the way from one.
    /// A vector is a map of one place.
    /// </remarks>
    /// <exception cref="ArgumentException">A shape is none of these, or tokens beside a map are no square.</exception>
    public static nn.Module<Tensor, Tensor> Between(
        IReadOnlyList<long> studentShape, IReadOnlyList<long> teacherShape, ConnectorOptions? options = null, Generator? generator = null)
    {
        options ??= ConnectorOptions.Projection;
        var (student, teacher) = (ConnectorShape.Of(studentShape, nameof(studentShape)), ConnectorShape.Of(teacherShape, nameof(teacherShape)));
        if (student.IsTokens != teacher.IsTokens && !student.IsVector && !teacher.IsVector)
        {
            (student, teacher) = (student.InGrid(options.LeadingTokens, nameof(studentShape)), teacher.InGrid(options.LeadingTokens, nameof(teacherShape)));
        }

        if (options.SkipEqualShapes && student == teacher)
        {
            return nn.Identity();
        }

        return options.Regressor && ConvolutionalRegressor.Knows(student, teacher)
            ? new ConvolutionalRegressor(studentShape, teacherShape, options.Relu, generator)
            : new ProjectionConnector(student, teacher, options, generator);
    }

    /// <summary>A connector between layers of two networks, whose shapes one pass of each tells.</summary>
    /// <param name="student">The student; it runs once in evaluation mode without gradients, and stays as it was.</param>
    /// <param name="studentLayer">The name of its layer in <c>named_modules()</c>.</param>
    /// <param name="teacher">The teacher; it runs once in evaluation mode without gradients, and stays as it was.</param>
    /// <param name="teacherLayer">The name of its layer.</param>
    /// <param name="sample">What both take; one sample is enough.</param>
    /// <param name="options">What the connector is made of; <see cref="ConnectorOptions.Projection"/> where null.</param>
    /// <param name="generator">Draws the weights; TorchSharp's own where null.</param>
    /// <returns>From the student's features to features of the teacher's shape, on the CPU as all new modules.</returns>
    /// <exception cref="ArgumentException">A layer is not there, does not take and return one tensor, or there is no connector between the shapes.</exception>
    public static nn.Module<Tensor, Tensor> Between(nn.Module<Tensor, Tensor> student, string studentLayer, nn.Module<Tensor, Tensor> teacher, string teacherLayer,
        Tensor sample, ConnectorOptions? options = null, Generator? generator = null) =>
        Between(ShapeOf(student, studentLayer, sample), ShapeOf(teacher, teacherLayer, sample), options, generator);

    /// <summary>The shape of what a layer returns, from one pass in evaluation mode without gradients.</summary>
    /// <param name="model">The network, which stays as it was.</param>
    /// <param name="layer">The name of the layer in <c>named_modules()</c>.</param>
    /// <param name="sample">What the network takes.</param>
    /// <returns>The shape, with the sample's N.</returns>
    /// <exception cref="ArgumentException">The layer is not there, or does not take and return one tensor.</exception>
    public static long[] ShapeOf(nn.Module<Tensor, Tensor> model, string layer, Tensor sample)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sample);
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        using var modes = new ModuleModes(model);
        model.eval();
        using var extractor = new FeatureExtractor(model, layer);
        return extractor.Extract(sample)[layer].shape;
    }
}
