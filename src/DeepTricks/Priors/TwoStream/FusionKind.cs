namespace DeepTricks.Priors;

/// <summary>How the features of whole and part become one vector.</summary>
public enum FusionKind
{
    /// <summary>[whole, part]; zeros for a missing part.</summary>
    Concat,

    /// <summary>whole + part, of one width; the whole alone where the part is missing.</summary>
    Sum,

    /// <summary>
    /// A gate for each feature: z ⊙ tanh(W₁ whole) + (1 − z) ⊙ tanh(W₂ part) with z = σ(W [whole, part]) (Arevalo et al., "Gated Multimodal Units for Information Fusion", 2017);
    /// z is 1 where the part is missing.
    /// </summary>
    Gated,

    /// <summary>
    /// A weight for each stream: Σ aᵢ · Wᵢ fᵢ with a = softmax(vᵀ tanh(U Wᵢ fᵢ)) over the streams, the attention of Bahdanau et al. (2015) over two places; the whole has the weight 1
    /// where the part is missing.
    /// </summary>
    Attention,
}
