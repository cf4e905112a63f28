using DeepTricks.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Engine.Tests.Nn;

/// <summary>Large images are pooled by another kernel: the same to the bit as image by image, which are too small for it.</summary>
[Collection(nameof(ProcessWide))]
public class MaxPoolTests
{
    [Theory]
    [InlineData(2, 2, 0, 1, false)]
    [InlineData(3, 2, 1, 1, true)]
    [InlineData(3, 1, 0, 2, false)]
    public void MaxPool2d_LargeBatch_EqualsImageByImage(long kernel, long stride, long padding, long dilation, bool ceiling)
    {
        using var scope = NewDisposeScope();
        var batch = Golden.Tensor("batch", [8, 16, 20, 21]).relu().requires_grad_();
        var images = batch.detach().clone().requires_grad_();

        var (values, indices) = nn.functional.max_pool2d_with_indices(batch, [kernel], [stride], [padding], [dilation], ceiling);
        var (expectedValues, expectedIndices) = ImageByImage(images);
        values.square().sum().backward();
        expectedValues.square().sum().backward();

        Assert.Equal(expectedValues, values);
        Assert.Equal(expectedIndices, indices);
        Assert.Equal(images.grad, batch.grad);
        Assert.True(values.is_contiguous() && indices.is_contiguous());
        Assert.False(indices.requires_grad);

        (Tensor, Tensor) ImageByImage(Tensor all)
        {
            var parts = all.split(1).Select(image => nn.functional.max_pool2d_with_indices(image, [kernel], [stride], [padding], [dilation], ceiling)).ToArray();
            return (cat([.. parts.Select(part => part.output)]), cat([.. parts.Select(part => part.indices)]));
        }
    }

    [Fact]
    public void MaxPool2d_LargeBatch_GivesGradientsOfGradients()
    {
        using var scope = NewDisposeScope();
        var x = Golden.Tensor("x", [4, 16, 24, 24]).requires_grad_();
        var first = autograd.grad([nn.functional.max_pool2d(x, 2).pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];

        // Where x is a maximum, the third power's second derivative; elsewhere nothing.
        Assert.Equal(x * 6 * first.ne(0), second);
    }

    [Fact]
    public void MaxPool2d_LargeBatchOutsideOfScopes_LeavesItsResultAlone()
    {
        using var x = ones(8, 16, 20, 20, requires_grad: true);
        nn.functional.max_pool2d(x, 2).Dispose();
        var before = Tensor.TotalCount;

        nn.functional.max_pool2d(x, 2).Dispose();
        using (no_grad()) nn.functional.max_pool2d(x, 2).Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }
}
