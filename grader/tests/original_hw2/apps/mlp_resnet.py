"""The residual network, with the mean of the batches' losses for that of an epoch."""

import sys

sys.path.append("../python")
import needle as ndl
import needle.nn as nn
import numpy as np

np.random.seed(0)


def ResidualBlock(dim, hidden_dim, norm=nn.BatchNorm1d, drop_prob=0.1):
    fn = nn.Sequential(
        nn.Linear(dim, hidden_dim),
        norm(hidden_dim),
        nn.ReLU(),
        nn.Dropout(drop_prob),
        nn.Linear(hidden_dim, dim),
        norm(dim),
    )
    return nn.Sequential(nn.Residual(fn), nn.ReLU())


class MLPResNet(nn.Module):
    def __init__(
        self,
        dim,
        hidden_dim=100,
        num_blocks=3,
        num_classes=10,
        norm=nn.BatchNorm1d,
        drop_prob=0.1,
    ):
        super().__init__()
        self.first = nn.Sequential(nn.Linear(dim, hidden_dim), nn.ReLU())
        self.blocks = [
            ResidualBlock(hidden_dim, hidden_dim // 2, norm=norm, drop_prob=drop_prob)
            for _ in range(num_blocks)
        ]
        self.last = nn.Linear(hidden_dim, num_classes)

    def forward(self, x):
        x = self.first(x)
        for block in self.blocks:
            x = block(x)
        return self.last(x)


def epoch(dataloader, model, opt=None):
    np.random.seed(4)
    loss_fn = nn.SoftmaxLoss()
    if opt is None:
        model.eval()
    else:
        model.train()
    losses, wrong, examples = [], 0, 0
    for X, y in dataloader:
        X = X.reshape((X.shape[0], 784))
        logits = model(X)
        loss = loss_fn(logits, y)
        if opt is not None:
            opt.reset_grad()
            loss.backward()
            opt.step()
        losses.append(loss.numpy())
        wrong += np.sum(np.argmax(logits.numpy(), axis=1) != y.numpy())
        examples += y.shape[0]
    return wrong / examples, np.mean(losses)


def train_mnist(
    batch_size=100,
    epochs=10,
    optimizer=ndl.optim.Adam,
    lr=0.001,
    weight_decay=0.001,
    hidden_dim=100,
    data_dir="data",
):
    np.random.seed(4)
    model = MLPResNet(784, hidden_dim)
    opt = optimizer(model.parameters(), lr=lr, weight_decay=weight_decay)
    train_set = ndl.data.MNISTDataset(
        data_dir + "/train-images-idx3-ubyte.gz",
        data_dir + "/train-labels-idx1-ubyte.gz",
    )
    test_set = ndl.data.MNISTDataset(
        data_dir + "/t10k-images-idx3-ubyte.gz",
        data_dir + "/t10k-labels-idx1-ubyte.gz",
    )
    train_loader = ndl.data.DataLoader(train_set, batch_size, shuffle=True)
    test_loader = ndl.data.DataLoader(test_set, batch_size, shuffle=False)
    for _ in range(epochs):
        train_error, train_loss = epoch(train_loader, model, opt)
        test_error, test_loss = epoch(test_loader, model)
    return train_error, train_loss, test_error, test_loss
